import { aWrittenFlow } from "../../support/a-flow.ts";
import { anEndedExecution, aPlan, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, linesOf } from "../blocks/block-flows.ts";

const db = await testDatabase();

/** What a replay on a second revision plans and warns of, and what has run in it. */
export async function moved(before: string, after: string, anchor: string) {
  return await db.inTransaction(async (client) => {
    const flow = await aBlockFlow(client, before);
    const id = await anEndedExecution(client, flow);
    await aWrittenFlow(client, `id: ${flow.id}\nnamespace: ${flow.namespace}\n${after}`);
    const options = { anchors: [anchor], revision: "latest" };
    const plan = await aPlan(client, id, options);
    const planned = plan.tasks.map(
      ({ task_id, iteration_path, disposition, reason }) =>
        `${task_id}${iteration_path === null ? "" : `[${iteration_path}]`} ${disposition} ${reason}`,
    );
    if (!plan.is_runnable) return { planned, codes: plan.codes, ended: [] };
    const replay = await aReplay(client, id, { ...options, plan_hash: plan.plan_hash as string });
    await (await aHandWorker(client)).drain({});
    return { planned, codes: plan.codes, ended: await linesOf(client, replay.id, true) };
  });
}
