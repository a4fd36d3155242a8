import { createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Command } from "commander";
import ora from "ora";
import { z } from "zod";
import { RepriseError } from "../../base/errors.ts";
import { createPostgresStorage } from "../../storage/postgres-storage.ts";
import { act, leaf } from "../command.ts";
import { usageError } from "../failure.ts";
import { sizeText } from "../present/figure-text.ts";
import type { Session } from "../session.ts";

const options = z.object({ output: z.string().optional() });

/** `reprise file get` */
export function fileGet(): Command {
  return leaf("get", "Fetch a file by the URI that an output names. Without -o it goes to stdout.")
    .argument("<uri>", "kestra:///…")
    .option("-o, --output <path>", "where to write it: a file, or a folder for a file of its own name")
    .action(
      act(options, async (session, { output }, uri: string) => {
        if (session.isJson && output === undefined)
          throw usageError("--json needs -o FILE, since stdout has one document.");
        const storage = createPostgresStorage(await session.database());
        const { name, size } = await storage.stat(uri);
        if (output === undefined) {
          await pipeline(Readable.from(storage.get(uri), { objectMode: false }), process.stdout, {
            end: false,
          });
          return;
        }
        const path = (await isFolder(output)) ? join(output, basename(name)) : output;
        await write(session, storage.get(uri), size, path);
        session.print({ uri, name, size, path }, () => `${name}: ${sizeText(size)} written to ${path}`);
      }),
    );
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

/** Through a name of its own, so that a file that stopped half way is never taken for whole. */
async function write(
  session: Session,
  content: AsyncIterable<Uint8Array>,
  size: number,
  output: string,
): Promise<void> {
  const folder = dirname(output);
  if (!(await isFolder(folder)))
    throw new RepriseError("RP404", "folder_not_found", `There is no folder ${folder}.`);
  const draft = `${output}.part`;
  const spinner = session.isWatched ? ora({ text: "Fetching", discardStdin: false }).start() : undefined;
  const counted = async function* () {
    let done = 0;
    for await (const chunk of content) {
      done += chunk.length;
      if (spinner !== undefined) spinner.text = `Fetching ${Math.floor((done / Math.max(1, size)) * 100)}%`;
      yield chunk;
    }
  };
  try {
    await pipeline(counted, createWriteStream(draft));
    await rename(draft, output);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    spinner?.stop();
  }
}
