import { once } from "node:events";
import { createServer } from "node:net";
import { RepriseError } from "../base/errors.ts";
import { callMany, type Database } from "../db/call.ts";
import type { Task } from "../db/generated.ts";
import { contextWith, type Fetch } from "../expression/context-with.ts";
import { ExpressionError } from "../expression/expression-error.ts";
import { fetchedNames } from "../expression/functions/fetched-functions.ts";
import type { Context } from "../expression/template.ts";
import type { Storage } from "../storage/storage.ts";
import type { Begun } from "./begun.ts";
import { askByHttp } from "./expression-http.ts";
import { rewriteUrl, type TaskSurroundings } from "./task-context.ts";

/** Longer texts are for tasks to read, not for expressions. */
const LONGEST_READ = 4 * 1024 * 1024;

interface FetchDeps extends Pick<TaskSurroundings, "downloadOrigins"> {
  db: Database;
  storage: Storage;
}

/** A task's context, with what its templates want of the storage and the database, where they want something. */
export async function fetchedContext(
  deps: FetchDeps,
  begun: Begun,
  task: Task,
  context: Context,
  signal: AbortSignal,
): Promise<Context> {
  return asksForMore(task)
    ? await contextWith(task.definition, context, fetchFor(deps, begun, task, signal))
    : context;
}

/** Whether a template of the task calls such a function; what it renders and nobody has seen may do so too. */
function asksForMore({ reads }: Pick<Task, "reads">): boolean {
  const { functions = [], all = false } = (reads ?? {}) as { functions?: string[]; all?: boolean };
  return functions.some(
    (name) => fetchedNames.includes(name) || (all && (name === "render" || name === "renderOnce")),
  );
}

function fetchFor(
  { db, storage, downloadOrigins }: FetchDeps,
  begun: Begun,
  task: Task,
  signal: AbortSignal,
): Fetch {
  const sizeOf = async (uri: string) => (await found(uri, () => storage.stat(uri))).size;
  return async ({ name, uri, details = "" }) => {
    switch (name) {
      case "http":
        return await askByHttp(
          details,
          { storage, rewriteUrl: (url) => rewriteUrl(url, downloadOrigins) },
          signal,
        );
      case "errorLogs":
        return await readErrorLogs(db, begun, task);
      case "randomPort":
        return await freePort();
      case "fileExists":
        return await exists(() => storage.stat(uri));
      case "fileSize":
        return BigInt(await sizeOf(uri));
      case "isFileEmpty":
        return (await sizeOf(uri)) === 0;
      default: {
        const size = await sizeOf(uri);
        if (size > LONGEST_READ)
          throw new ExpressionError(
            `The file ${uri} has ${size} bytes, and \`read\` takes at most ${LONGEST_READ}; give it to the task instead.`,
          );
        return Buffer.concat(await found(uri, () => Array.fromAsync(storage.get(uri, signal)))).toString(
          "utf8",
        );
      }
    }
  };
}

async function readErrorLogs(db: Database, begun: Begun, task: Task) {
  const entries = await callMany(db, "reprise_engine.read_error_logs", {
    execution_id: begun.execution_id,
    most: 1_000,
  });
  return entries.map(({ logged_at, message, task_id, task_run_id, attempt_number }) => ({
    namespace: task.namespace,
    flowId: task.flow_id,
    ...(task_id === null ? {} : { taskId: task_id }),
    executionId: begun.execution_id,
    ...(task_run_id === null ? {} : { taskRunId: task_run_id }),
    // Counted from 0, as in `taskrun.attemptsCount`.
    ...(attempt_number === null ? {} : { attemptNumber: attempt_number - 1 }),
    timestamp: logged_at,
    level: "ERROR",
    message,
  }));
}

/** A port that nobody listens on just now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** A file that is not there is a fault of the expression, and not of the worker. */
async function found<T>(uri: string, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof RepriseError && error.code !== "RP409")
      throw new ExpressionError(`There is no file ${uri}.`, "", undefined, { cause: error });
    throw error;
  }
}

async function exists(look: () => Promise<unknown>): Promise<boolean> {
  try {
    await look();
    return true;
  } catch (error) {
    if (error instanceof RepriseError && error.code !== "RP409") return false;
    throw error;
  }
}
