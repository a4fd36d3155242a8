import { after, before } from "node:test";
import { openSecretBox } from "../../src/base/secret-box.ts";
import { callOne } from "../../src/db/call.ts";
import { createExecution } from "../../src/worker/create-execution.ts";
import { planReplay, replayExecution } from "../../src/worker/judge-replay.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { aWorker } from "../support/a-worker.ts";
import { executionOf } from "../support/an-execution.ts";
import { type TestDatabase, until } from "../support/database.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";

export const returns = (id: string, format: string) =>
  `{ id: ${id}, type: io.kestra.plugin.core.debug.Return, format: "${format}" }`;

export const told = (problems: unknown) =>
  (problems as { code: string; message: string; is_blocking: boolean }[]).map(
    ({ code, message, is_blocking }) => [code, message, is_blocking],
  );

/** Runs and replays executions of flows with inputs, with a worker beside for the tests of a file. Both have the key, if there is one. */
export function replaying(db: TestDatabase, key?: Buffer) {
  const box = openSecretBox(key);
  const env = key === undefined ? {} : { REPRISE_ENCRYPTION_KEY: key.toString("base64") };
  let worker: Worker;
  before(async () => {
    worker = await aWorker(db.connectionString, { env });
  });
  after(() => worker[Symbol.asyncDispose]());
  return { box, ended, replayed, replayedBySql };

  /** An execution of a new flow that has ended, with what comes after it, so that plans stay what they are. */
  async function ended(text: string, inputs: Record<string, unknown>): Promise<string> {
    const { namespace, id: flow_id } = await aWorkerFlow(db.pool, text);
    const { id } = await createExecution(db.pool, { namespace, flow_id, inputs }, box);
    await untilEnded(db.pool, id);
    await until(async () => !(await executionOf(db.pool, id)).is_finishing, { what: "the end for good" });
    return id;
  }

  /** What a plan says of other inputs, and what a replay with them comes to: what it says in place of one that is refused. */
  async function replayed(execution_id: string, inputs: Record<string, unknown>, from = "start") {
    const asked = { execution_id, anchors: [from], inputs };
    const plan = await planReplay(db.pool, asked, box);
    const replay = await replayExecution(db.pool, { ...asked, plan_hash: plan.plan_hash }, box).catch(
      (error: Error) => error.message,
    );
    if (typeof replay === "string") return { problems: told(plan.problems), replay };
    await untilEnded(db.pool, replay.id);
    return { problems: told(plan.problems), replay: await executionOf(db.pool, replay.id) };
  }

  /** The same, by whoever calls the database himself. */
  async function replayedBySql(execution_id: string, inputs: Record<string, unknown>) {
    const { id } = await callOne(db.pool, "reprise_api.replay_execution", { execution_id, inputs });
    await untilEnded(db.pool, id);
    return await executionOf(db.pool, id);
  }
}
