import { userInfo } from "node:os";
import type { Pool } from "pg";
import { type Config, readConfig } from "../base/config.ts";
import { writeJson } from "../base/json.ts";
import { createLogger, type Logger } from "../base/log.ts";
import { openSecretBox, type SecretBox } from "../base/secret-box.ts";
import { findDatabase } from "../db/connection.ts";
import { createPool } from "../db/pool.ts";

/** What every command works with. */
export interface Session extends AsyncDisposable {
  readonly config: Config;
  /** For short commands: only what is wrong is said. */
  readonly log: Logger;
  /** Who does what is done: the user of this machine, since the database knows only its own users. */
  readonly actor: string;
  readonly isJson: boolean;
  /** Encrypts what is given for secret inputs. */
  readonly secretBox: SecretBox;
  /** Whether a person looks at stderr now, so that it may be alive. */
  readonly isWatched: boolean;
  /** The database that runs; opened when first asked for. */
  database(): Promise<Pool>;
  connectionString(): Promise<string>;
  /** What the command has to say, once: the document for programs, the text for people. */
  print(document: unknown, text: () => string): void;
  /** A line for people, on stdout; nothing for programs. */
  line(text?: string): void;
  /** A remark for people, on stderr; nothing for programs. */
  note(text: string): void;
}

/** Opens a session. */
export function openSession({ isJson }: { isJson: boolean }): Session {
  const config = readConfig();
  const log = createLogger({ logLevel: config.logLevel === "info" ? "error" : config.logLevel });
  let address: Promise<string> | undefined;
  let pool: Promise<Pool> | undefined;
  const connectionString = () => {
    address ??= findDatabase(config).then((found) => found.connectionString);
    return address;
  };
  return {
    config,
    log,
    actor: nameOfUser(),
    isJson,
    secretBox: openSecretBox(config.encryptionKey),
    // A terminal without a size cannot be drawn on.
    isWatched: process.stderr.isTTY === true && process.stderr.columns > 0 && !isJson,
    connectionString,
    database() {
      pool ??= connectionString().then((found) =>
        // A command asks one thing after the other; a few connections let it look while it waits.
        createPool({ connectionString: found, size: 4, applicationName: "reprise cli" }, log),
      );
      return pool;
    },
    print(document, text) {
      process.stdout.write(isJson ? `${writeJson(document, 2)}\n` : withLineEnd(text()));
    },
    line(text = "") {
      if (!isJson) process.stdout.write(withLineEnd(text));
    },
    note(text) {
      if (!isJson) process.stderr.write(withLineEnd(text));
    },
    async [Symbol.asyncDispose]() {
      await (await pool?.catch(() => undefined))?.end();
    },
  };
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return ""; // in a container a user may have a number only; the database then says its own
  }
}

function withLineEnd(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}
