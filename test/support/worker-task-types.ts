import { existsSync } from "node:fs";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { int, text } from "../../src/tasks/property.ts";
import { defineTaskType, TaskError, type TaskType } from "../../src/tasks/task-type.ts";

const about = { title: "Test", description: "For tests.", examples: [] };

/** Blocks until the file `until` is there, so that a test can let it go in whatever process it runs; hears the signal. */
const block = defineTaskType({
  ...about,
  type: "test.Block",
  properties: z.strictObject({ until: text() }),
  outputs: z.object({ attempt: z.int(), pid: z.int() }),
  async run({ properties, context }) {
    context.log.info(`blocks in attempt ${context.taskRun.attempt}`);
    while (!existsSync(properties.until)) await delay(10, undefined, { signal: context.signal });
    return { outputs: { attempt: context.taskRun.attempt, pid: process.pid } };
  },
});

/** Fails the first attempts. */
const failFirst = defineTaskType({
  ...about,
  type: "test.FailFirst",
  properties: z.strictObject({ times: int() }),
  outputs: z.object({ attempt: z.int() }),
  async run({ properties, context }) {
    const { attempt } = context.taskRun;
    if (attempt <= properties.times) throw new TaskError("not_yet", `Attempt ${attempt} fails.`);
    return { outputs: { attempt } };
  },
});

/** Logs a line and gives a text, with one or more NULs where it says ␀, which no definition could hold. */
const say = defineTaskType({
  ...about,
  type: "test.Say",
  properties: z.strictObject({ text: text() }),
  outputs: z.object({ text: z.string() }),
  async run({ properties, context }) {
    context.log.info(`says ${properties.text}`);
    return { outputs: { text: properties.text.replaceAll("␀", "\0") } };
  },
});

/** Says how far it is, stores a text as a file, and reads it back */
const store = defineTaskType({
  ...about,
  type: "test.Store",
  properties: z.strictObject({ text: text() }),
  outputs: z.object({ uri: z.string(), read: z.string() }),
  async run({ properties, context: { storage, place, signal, progress } }) {
    progress(0.5, "stores");
    const content = Readable.from([Buffer.from(properties.text)]);
    const { uri } = await storage.put({ ...place, name: "stored.txt" }, content, signal);
    const read = Buffer.concat(await Array.fromAsync(storage.get(uri, signal))).toString();
    return { outputs: { uri, read } };
  },
});

/** Gives what JSON has no word for. */
const odd = defineTaskType({
  ...about,
  type: "test.Odd",
  properties: z.strictObject({}),
  outputs: z.object({ value: z.unknown() }),
  run: async () => {
    const value: Record<string, unknown> = {};
    value.self = value;
    return { outputs: { value } };
  },
});

const all: TaskType[] = [block, failFirst, say, store, odd];

/** Task types that block, fail and talk as a test wants them to, to run by a real worker. */
export const workerTaskTypes: ReadonlyMap<string, TaskType> = new Map(all.map((type) => [type.type, type]));
