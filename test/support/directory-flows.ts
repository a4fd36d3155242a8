import type { Pool } from "pg";
import { createPostgresStorage } from "../../src/storage/postgres-storage.ts";
import { anExecution, type SeenTaskRun, taskRunsOf } from "./an-execution.ts";
import { aWorkerFlow, untilEnded } from "./worker-flows.ts";

export const DIRECTORY = "io.kestra.plugin.core.flow.WorkingDirectory";
export const FILES = "io.kestra.plugin.core.storage.LocalFiles";
export const RETURN = "io.kestra.plugin.core.debug.Return";
export const FAIL = "io.kestra.plugin.core.execution.Fail";

/** The task runs of an execution, by task id. */
export type Runs = Record<string, SeenTaskRun>;

/** Starts an execution of a flow for a real worker, from what its text says below `id` and `namespace`. */
export async function started(db: Pool, text: string, inputs: Record<string, unknown> = {}): Promise<string> {
  return await anExecution(db, await aWorkerFlow(db, text), { inputs });
}

/** Runs such a flow to its end. */
export async function ran(db: Pool, text: string, inputs: Record<string, unknown> = {}) {
  const id = await started(db, text, inputs);
  await untilEnded(db, id);
  return { id, lines: await runLinesOf(db, id), runs: await taskRunsOf(db, id) };
}

/** The task runs of an execution in the order in which they came, and behind them its own state. */
export async function runLinesOf(db: Pool, id: string): Promise<string[]> {
  const { rows } = await db.query<{ line: string }>(
    `select t.id || coalesce('[' || array_to_string(r.iteration_path, ',') || ']', '') || ' ' || r.state as line
    from reprise.task_runs as r join reprise.tasks as t on t.key = r.task_key where r.execution_id = $1 order by r.id`,
    [id],
  );
  const { rows: executions } = await db.query("select state from reprise.executions where id = $1", [id]);
  return [...rows.map(({ line }) => line), `= ${executions[0].state}`];
}

/** What a task gave, as far as tests look at it. */
export function outputsOf(runs: Runs, task: string) {
  return (runs[task]?.outputs ?? {}) as {
    value?: string;
    uris?: Record<string, string>;
    outputFiles?: Record<string, string>;
  };
}

/** What a Return gave. */
export function textOf(runs: Runs, task: string): string {
  return outputsOf(runs, task).value ?? "";
}

/** The names of stored files. */
export function namesOf(files: Record<string, string> | undefined): string[] {
  return Object.keys(files ?? {}).sort();
}

/** Why a task failed. */
export function errorOf(runs: Runs, task: string) {
  return (runs[task]?.error ?? {}) as { reason?: string; message?: string };
}

/** A stored file as text. */
export async function contentOf(db: Pool, uri: string | undefined): Promise<string> {
  return String(Buffer.concat(await Array.fromAsync(createPostgresStorage(db).get(uri ?? ""))));
}
