import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { anEndedExecution, anExecution, travelTo } from "../../support/an-execution.ts";
import { aHandWorker, type Script } from "../../support/hand-worker.ts";
import { aBlockFlow, linesOf } from "../blocks/block-flows.ts";

/** A retry that creates a new execution, in YAML, ten seconds after a failure. */
export function newExecution(rest = "maxAttempts: 3"): string {
  return `retry: { type: constant, interval: PT10S, ${rest}, behavior: CREATE_NEW_EXECUTION }`;
}

/** The executions of a line as lines of their task runs, the first first. */
export async function lineOf(client: ClientBase, firstId: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    "select id from reprise.executions where coalesce(root_id, id) = $1 order by id",
    [firstId],
  );
  const lines: string[] = [];
  for (const { id } of rows) lines.push((await linesOf(client, id)).join(", "));
  return lines;
}

/** Runs a flow and all that its retries create, and gives what became of it. */
export async function aLine(
  client: ClientBase,
  source: string,
  script: Script,
): Promise<{ id: string; line: string[] }> {
  const id = await anEndedExecution(client, await aBlockFlow(client, source), script);
  return { id, line: await lineOf(client, id) };
}

/** The task `a` fails, always or the first time of all. */
export const fails: Script = { a: "FAILED" };
export const failsOnce: Script = ({ taskId, number }) =>
  taskId === "a" && number === 1 ? "FAILED" : "SUCCESS";

/** Fails the first execution of a flow at eight, and lets the next wait for its time. */
export async function aWaiting(client: ClientBase, source: string): Promise<string> {
  await travelTo(client, "2026-03-01T08:00:00Z");
  const id = await anExecution(client, await aBlockFlow(client, source));
  const worker = await aHandWorker(client);
  await worker.drain(fails, { rounds: 1 });
  return id;
}

/** What a worker does when the time of a retry may have come. */
export async function retryNow(client: ClientBase, execution_id: string): Promise<void> {
  await callOne(client, "reprise_engine.retry_execution", { execution_id });
}
