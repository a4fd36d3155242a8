import { keysOf } from "../../base/key-order.ts";
import { strictText } from "../arguments.ts";
import { charge } from "../budget.ts";
import type { Callable, Functions } from "../callable.ts";
import { ExpressionError } from "../expression-error.ts";
import type { Run } from "../run.ts";
import { isList, isMap, keyText, kindOf, member, type PlainMap } from "../values.ts";

/** All that a template sees, as a map. */
const wholeContext: Callable = {
  parameters: [],
  call(_, run) {
    charge(run.budget, Object.keys(run.context).length);
    return { ...run.context };
  },
};

/** Functions that look at the execution around a template. */
export const contextFunctions: Functions = {
  printContext: wholeContext,
  fetchContext: wholeContext,
  tasksWithState: {
    parameters: ["state"],
    required: 1,
    call: ([state], run) => tasksWithState(strictText(state, "state").toUpperCase(), run),
  },
  currentEachOutput: {
    parameters: ["outputs"],
    required: 1,
    call([outputs], run) {
      if (!isMap(outputs))
        throw new ExpressionError(`The argument \`outputs\` must be a map, not ${kindOf(outputs)}.`);
      let here: unknown = outputs;
      for (const value of iterationPath(run)) here = here === undefined ? undefined : member(here, value);
      return here ?? null;
    },
  },
};

/** The values of the iterations that a task is in, the outermost first. */
function iterationPath(run: Run): string[] {
  const parents = member(run.context, "parents");
  const around = isList(parents) ? parents.toReversed() : [];
  const values = [...around, run.context].map((holder) =>
    keyText(member(member(holder, "taskrun"), "value")),
  );
  return values.filter((value) => value !== undefined);
}

/** The state of a task run, the value of its iteration, and under how many values it stands. */
type Found = { state: string; value: string | undefined; depth: number };

/** The task runs that are in a state, with the values of their iterations. */
function tasksWithState(state: string, run: Run): PlainMap[] {
  const tasks = member(run.context, "tasks");
  if (!isMap(tasks)) return [];
  return keysOf(tasks).flatMap((taskId) => {
    const found = statesIn(tasks[taskId], run);
    // Under fewer values, or beside others, stands again what can be read of one without those of all loops around it.
    const deepest = found.reduce((most, { depth }) => Math.max(most, depth), 0);
    return (
      found
        .filter((each) => each.depth === deepest && each.state.toUpperCase() === state)
        // In the order in which Kestra's maps come out.
        .map(({ value }) => ({ state, ...(value === undefined ? {} : { value }), taskId }))
    );
  });
}

function statesIn(part: unknown, run: Run, value?: string, depth = 0): Found[] {
  charge(run.budget, 1);
  if (!isMap(part)) return [];
  const inner = keysOf(part).filter((key) => isMap(part[key]));
  if (inner.length > 0) return inner.flatMap((key) => statesIn(part[key], run, key, depth + 1));
  const state = member(part, "state");
  return typeof state === "string" ? [{ state, value, depth }] : [];
}
