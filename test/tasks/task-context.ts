import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { z } from "zod";
import { keepOrder } from "../../src/base/key-order.ts";
import { parseTemplate } from "../../src/expression/template.ts";
import { createDirectoryStorage } from "../../src/storage/directory-storage.ts";
import type { Storage } from "../../src/storage/storage.ts";
import { type Metric, parseProperties, type TaskContext, type TaskType } from "../../src/tasks/task-type.ts";

/** A context for one attempt, with files in a folder of its own that goes when the context is disposed of. */
export interface TestContext extends TaskContext, AsyncDisposable {
  /** What the task said, as `LEVEL message`. */
  lines: string[];
  metrics: Metric[];
  notes: { fraction: number | undefined; note: string }[];
  /** The files on disk, in storage or half written, and what the task left in its work folder. */
  filesLeft(): Promise<string[]>;
  /** Stores a file as an earlier task would have, and gives its URI. */
  give(name: string, content: Uint8Array): Promise<string>;
  /** Reads a stored file. */
  take(uri: string): Promise<Buffer>;
}

export async function aTaskContext(overrides: Partial<TaskContext> = {}): Promise<TestContext> {
  const root = await mkdtemp(join(tmpdir(), "reprise-task-"));
  const storage = overrides.storage ?? createDirectoryStorage(join(root, "files"));
  const lines: string[] = [];
  const notes: TestContext["notes"] = [];
  const metrics: Metric[] = [];
  const say = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  const place = overrides.place ?? {
    namespace: "company.team",
    flowId: "divvy_tripdata",
    executionId: "0193e4f0-0000-7000-8000-000000000000",
    taskId: "get_zipfile",
    taskRunId: "1",
    attemptId: "1",
  };
  return {
    signal: new AbortController().signal,
    log: {
      trace: say("TRACE"),
      debug: say("DEBUG"),
      info: say("INFO"),
      warn: say("WARN"),
      error: say("ERROR"),
    },
    storage,
    place,
    workDir: async () => root,
    tempDir: async () => root,
    progress: (fraction, note) => void notes.push({ fraction, note }),
    metric: (metric) => void metrics.push(metric),
    async *subflowOutputs() {},
    render: async (text, names) => parseTemplate(text).render({ ...names }),
    // What asks the engine, or runs others, is tried with a real worker.
    engine: undefined as never,
    runTask: () => Promise.reject(new Error("This context runs no other task.")),
    rewriteUrl: (url) => url,
    taskRun: { id: "1", attempt: 1 },
    execution: { id: place.executionId },
    flow: { namespace: place.namespace, id: place.flowId, revision: 1 },
    memoryLimitMb: 256,
    ...overrides,
    lines,
    metrics,
    notes,
    async filesLeft() {
      const found = await readdir(root, { recursive: true, withFileTypes: true });
      return found.filter((entry) => entry.isFile()).map((entry) => entry.name);
    },
    give: async (name, content) => (await storage.put({ ...place, name }, pieces(content))).uri,
    take: (uri) => readAll(storage, uri),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

/** Runs a task as a worker does: parse the rendered properties, then do the work. */
export async function runTask<P extends z.ZodObject, O extends z.ZodObject>(
  type: TaskType<P, O>,
  properties: Record<string, unknown>,
  context: TaskContext,
): Promise<z.output<O>> {
  const { outputs } = await type.run({ properties: parseProperties(type, properties), context });
  return keepOrder(outputs, type.outputs.parse(outputs)) as z.output<O>;
}

/** A stream of bytes, in pieces. */
export async function* pieces(...contents: (Uint8Array | string)[]): AsyncGenerator<Uint8Array> {
  for (const content of contents) yield typeof content === "string" ? Buffer.from(content) : content;
}

/** A whole stored file. */
export async function readAll(storage: Storage, uri: string): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(storage.get(uri)));
}
