import assert from "node:assert/strict";
import type { ClientBase } from "pg";
import type { ReplayPlanTask } from "../../../src/db/generated.ts";
import { aPlan, aReplay } from "../../support/an-execution.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { linesOf } from "./block-flows.ts";

/** The plan of a task run: `t[x] RERUN anchor`. */
function told({ task_id, iteration_path, disposition, reason, because_of }: ReplayPlanTask): string {
  const name = `${task_id}${iteration_path === null ? "" : `[${iteration_path}]`}`;
  return [name, disposition, reason, because_of].filter((word) => word !== null).join(" ");
}

/** Plans and runs a replay from an anchor; what is left of the original's script fails nothing. */
export async function replayed(
  client: ClientBase,
  id: string,
  anchor: string,
  rest: { overrides?: unknown; revision?: string } = {},
) {
  const plan = await aPlan(client, id, { anchors: [anchor], ...rest });
  assert.deepEqual([plan.codes, plan.is_runnable], [[], true]);
  const replay = await aReplay(client, id, {
    anchors: [anchor],
    ...rest,
    plan_hash: plan.plan_hash as string,
  });
  await (await aHandWorker(client)).drain();
  return { plan: plan.tasks.map(told), lines: (await linesOf(client, replay.id)).sort(), replay };
}
