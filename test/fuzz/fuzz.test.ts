import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { describe, it } from "node:test";
import { Worker } from "node:worker_threads";
import type { FuzzOrder } from "./fuzz-worker.ts";

/** A few hundred in `npm test`; more at night. */
const cases = Number(process.env.REPRISE_FUZZ_CASES ?? 300);
const seed = Number(process.env.REPRISE_FUZZ_SEED ?? randomInt(2 ** 31));

/** A template may take two seconds, and a flow holds many; a busy machine is slower. */
const longestMs = 60_000;

/** What a worker may take: much less than the sources would need together. */
const memoryMb = 400;

describe(`made-up sources, from the seed ${seed}`, () => {
  it("of flows are read or refused, each in its time and in little memory", () => fuzz("flows"));
  it("of templates are rendered or refused, each in its time and in little memory", () => fuzz("templates"));
});

/** A worker that hangs, crashes or takes too much memory ends with the source that it was at. */
async function fuzz(what: FuzzOrder["what"]): Promise<void> {
  const worker = new Worker(new URL("fuzz-worker.ts", import.meta.url), {
    workerData: { what, seed, cases } satisfies FuzzOrder,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  let last = "";
  let isHung = false;
  const stop = () => {
    isHung = true;
    void worker.terminate();
  };
  let watchdog = setTimeout(stop, longestMs);
  worker.on("message", (source: string) => {
    last = source;
    clearTimeout(watchdog);
    watchdog = setTimeout(stop, longestMs);
  });
  const failure = await new Promise<unknown>((resolve) => {
    worker.once("error", resolve);
    worker.once("exit", () => resolve(isHung ? new Error(`Nothing for ${longestMs} ms.`) : undefined));
  });
  clearTimeout(watchdog);
  const shown = JSON.stringify(last.length > 2_000 ? `${last.slice(0, 2_000)}…` : last);
  assert.equal(failure, undefined, `REPRISE_FUZZ_SEED=${seed}, at ${shown}: ${(failure as Error)?.stack}`);
}
