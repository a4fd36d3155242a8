import type { ClientBase } from "pg";
import type { HandRun, Scripted } from "../../support/hand-worker.ts";
import { block, log } from "./block-flows.ts";

/** A loop over `a`, until `a` has made `done`. */
export function aLoop(rest = "", more = "", type = "LoopUntil"): string {
  return `tasks:
  - id: l
    type: io.kestra.plugin.core.flow.${type}
    condition: "{{ outputs.a.done }}"
    ${rest}
    tasks: [${log("a")}${more}]
  - ${log("z")}`;
}

/** A loop `l` over `a`, until `a` has made `done`, with `x` beside it in `p`. */
export function aLoopBeside(): string {
  const loop = block(
    "l",
    "LoopUntil",
    `condition: "{{ outputs.a.done }}", checkFrequency: { interval: PT1S }, tasks: [${log("a")}]`,
  );
  return `tasks: [${block("p", "Parallel", `tasks: [${loop}, ${log("x")}]`)}]`;
}

/** `a` is done in its nth iteration. */
export const doneIn =
  (nth: number) =>
  (run: HandRun): Scripted =>
    run.taskId === "a" ? { outputs: { done: iterationOf(run) === nth - 1 } } : {};

/** In which iteration of the loop around it an attempt runs, from 0. */
export function iterationOf({ begun }: HandRun): number | null {
  return begun.loop_iteration;
}

/** What the loop `l` of an execution shows. */
export async function countOf(client: ClientBase, executionId: string): Promise<unknown> {
  const { rows } = await client.query(
    "select outputs from reprise_api.task_runs where execution_id = $1 and task_id = 'l'",
    [executionId],
  );
  return rows[0].outputs;
}
