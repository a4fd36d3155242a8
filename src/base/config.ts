import { availableParallelism } from "node:os";
import { extname, join, resolve } from "node:path";
import { z } from "zod";
import { RepriseError } from "./errors.ts";
import { packageRoot } from "./version.ts";

const loopback = ["127.0.0.1", "localhost", "::1"];

/** Unbuilt sources are a clone, which keeps its data to itself and is found from any folder. A package belongs to nowhere. */
const isClone = extname(import.meta.filename) === ".ts";

/** The zone that this machine was told to be in, if it was. */
export const toldZone: string | undefined = process.env.TZ;

/** Whether npm or npx runs this process: they tell what they run. */
export const isBelowNpm: boolean = process.env.npm_command !== undefined;

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, "must be a whole number")
    .transform(Number)
    .pipe(z.number().min(least, `must be at least ${least}`).max(most, `must be at most ${most}`));

/** `https://a.example=http://127.0.0.1:9000`, several of them with commas between. */
const origins = z.string().transform((text, context) =>
  text
    .split(",")
    .filter((pair) => pair.trim() !== "")
    .map((pair) => {
      const [from = "", to = "", ...rest] = pair.split("=").map((part) => part.trim());
      const isSound = rest.length === 0 && isOrigin(from) && URL.canParse(to);
      if (!isSound) context.addIssue(`holds "${pair.trim()}", which is not <origin>=<address>`);
      return { from, to: to.replace(/\/+$/, "") };
    }),
);

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

/** One entry for each variable that the program knows; its description is its documentation. */
const environment = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must start with postgres:// or postgresql://")
    .optional()
    .describe("The database to work with; without it, an embedded Postgres in the data folder."),
  REPRISE_DATA_DIR: z
    .string()
    .default(() => (isClone ? join(packageRoot, "data") : resolve("data")))
    .describe("The folder of the embedded Postgres."),
  REPRISE_HOST: z
    .string()
    .default("127.0.0.1")
    .refine(
      (host) => loopback.includes(host),
      "must be 127.0.0.1, ::1 or localhost: there is no access control yet",
    )
    .describe("The address that the server binds to."),
  REPRISE_PORT: wholeNumber(0, 65_535)
    .default(4000)
    .describe("The port that the server binds to; 0 for a free one."),
  REPRISE_CONCURRENCY: wholeNumber(1, 1000)
    // Tasks mostly wait for the network; a few of them for each core keep it busy.
    .default(() => Math.max(8, availableParallelism() * 4))
    .describe("How many attempts a worker runs at once."),
  REPRISE_WORKER_GROUP: z
    .string()
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,62}$/, "must be letters, digits, - and _")
    .optional()
    .describe("The worker group that a worker serves; without it, the default one."),
  REPRISE_BEAT_MS: wholeNumber(50, 60_000)
    .default(500)
    .describe("How often a worker says that it lives, in milliseconds."),
  REPRISE_POOL_SIZE: wholeNumber(2, 500).default(10).describe("How many connections a process may open."),
  REPRISE_TASK_MEMORY_MB: wholeNumber(64, 1_048_576)
    .default(512)
    .describe("How much memory one data task may take, in megabytes."),
  REPRISE_DOWNLOAD_ORIGINS: origins
    .default([])
    .describe("Rewrites of the origins that tasks download from: from=to, with commas between."),
  REPRISE_ENCRYPTION_KEY: z
    .string()
    .transform((text) => Buffer.from(text, "base64"))
    .refine((key) => key.length === 32, "must be 32 bytes in base64: openssl rand -base64 32")
    .optional()
    .describe(
      "The key that secret inputs are encrypted with, the same for the server, workers and commands.",
    ),
  REPRISE_LOG_LEVEL: z
    .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"])
    .default("info")
    .describe("The least grave line that the program logs."),
});

/** How this process is set up. Read once at the start and passed down. */
export interface Config {
  /** Undefined: use the embedded Postgres in `dataDir`. */
  readonly databaseUrl: string | undefined;
  /** An absolute path. */
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  readonly concurrency: number;
  readonly workerGroup: string | undefined;
  readonly beatMs: number;
  readonly poolSize: number;
  readonly taskMemoryMb: number;
  readonly downloadOrigins: readonly { readonly from: string; readonly to: string }[];
  /** Without one there are no secrets. */
  readonly encryptionKey: Buffer | undefined;
  readonly logLevel: z.output<typeof environment>["REPRISE_LOG_LEVEL"];
  /** What templates see as `envs`: every variable whose name starts with ENV_, by the rest of its name in lower case. */
  readonly envs: Readonly<Record<string, string>>;
}

/** Reads the configuration from the environment. The first bad value is a RepriseError that names its variable. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  // An empty variable is one that was not set: that is how shells and compose files unset one.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const result = environment.safeParse(given);
  if (!result.success) throw badVariable(result.error);
  const read = result.data;
  return Object.freeze({
    databaseUrl: read.DATABASE_URL,
    dataDir: resolve(read.REPRISE_DATA_DIR),
    host: read.REPRISE_HOST,
    port: read.REPRISE_PORT,
    concurrency: read.REPRISE_CONCURRENCY,
    workerGroup: read.REPRISE_WORKER_GROUP,
    beatMs: read.REPRISE_BEAT_MS,
    poolSize: read.REPRISE_POOL_SIZE,
    taskMemoryMb: read.REPRISE_TASK_MEMORY_MB,
    downloadOrigins: read.REPRISE_DOWNLOAD_ORIGINS,
    encryptionKey: read.REPRISE_ENCRYPTION_KEY,
    logLevel: read.REPRISE_LOG_LEVEL,
    envs: flowVariables(given),
  });
}

function flowVariables(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const meant = Object.entries(env).filter(([name]) => name.startsWith("ENV_"));
  return Object.fromEntries(meant.map(([name, value]) => [name.slice(4).toLowerCase(), value ?? ""]));
}

/** The variables that the program knows, what each is for, and what holds without it where that is one word. */
export function describeVariables(): { name: string; description: string; fallback: string | undefined }[] {
  return Object.entries(environment.shape).map(([name, schema]) => {
    const { data } = schema.safeParse(undefined);
    const fallback = typeof data === "string" || typeof data === "number" ? String(data) : undefined;
    return { name, description: schema.description ?? "", fallback };
  });
}

function badVariable(error: z.ZodError): RepriseError {
  const issue = error.issues[0];
  const name = String(issue?.path[0] ?? "The environment");
  const description = describeVariables().find((variable) => variable.name === name)?.description;
  return new RepriseError("RP422", "bad_configuration", `${name} ${sayIssue(issue)}.`, {
    hint: description,
    details: error.issues,
  });
}

function sayIssue(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === "invalid_value") return `must be one of ${issue.values.join(", ")}`;
  return issue?.message ?? "is not valid";
}
