import { ExpressionError, ExpressionSyntaxError } from "../expression/expression-error.ts";
import { fetchedNames } from "../expression/functions/fetched-functions.ts";
import { ALL_NAMES } from "../expression/reads.ts";
import { renderInTurn } from "../expression/render-in-turn.ts";
import { type Context, isTemplate, parseTemplate, type Reference } from "../expression/template.ts";
import type { CompiledCheck } from "./compiled-flow.ts";

/** What the checks of a flow make of an execution that is to be created. */
export interface Judgement {
  /** The strongest of those that failed. */
  behavior: CompiledCheck["behavior"];
  message: string;
}

const strongest: readonly CompiledCheck["behavior"][] = [
  "BLOCK_EXECUTION",
  "FAIL_EXECUTION",
  "CREATE_EXECUTION",
];

/** Evaluates checks, and says what those that failed mean. Undefined: all of them hold. */
export async function judgeChecks(
  checks: readonly CompiledCheck[],
  context: Context,
): Promise<Judgement | undefined> {
  const failed = (await Promise.all(checks.map((check) => failureOf(check, context)))).flat();
  const behavior = strongest.find((each) => failed.some((check) => check.behavior === each));
  if (behavior === undefined) return undefined;
  const messages = failed.map(({ message }) => message).join(", ");
  const what = { BLOCK_EXECUTION: "blocked", FAIL_EXECUTION: "failed", CREATE_EXECUTION: "created" }[
    behavior
  ];
  return {
    behavior,
    message: `Flow execution ${what}: one or more condition checks evaluated to false.\nFailed checks: ${messages}`,
  };
}

async function failureOf(
  check: CompiledCheck,
  context: Context,
): Promise<Pick<CompiledCheck, "behavior" | "message">[]> {
  try {
    return (await renderInTurn(check.condition, context, { isNative: true })) === true ? [] : [check];
  } catch (error) {
    if (!(error instanceof ExpressionError || error instanceof ExpressionSyntaxError)) throw error;
    const message = `Failed to evaluate check condition. Cause: ${error.message}`;
    return [{ behavior: "BLOCK_EXECUTION", message }];
  }
}

/** Whether templates can be rendered by whoever knows the flow, its variables and the inputs. The others need what a worker has. */
export function needsNoWorker(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(needsNoWorker);
  if (typeof value === "object" && value !== null) return needsNoWorker(Object.entries(value).flat());
  if (typeof value !== "string" || !isTemplate(value)) return true;
  const { references, reads } = parseTemplate(value);
  return (
    !reads.all &&
    !reads.inputs.includes(ALL_NAMES) &&
    reads.functions.length === 0 &&
    references.every(
      ({ root, name }) => root === "inputs" || root === "vars" || (root === "context" && name === "flow"),
    )
  );
}

/** What a template reads that only a worker has, whatever anybody knows of the execution. */
export function readsOfWorker(text: string): string[] {
  const { references, reads } = parseTemplate(text);
  const isOfWorker = ({ root, name }: Reference) => root === "context" && name === "envs";
  return [
    ...reads.functions.filter((name) => fetchedNames.includes(name)),
    ...(references.some(isOfWorker) ? ["envs"] : []),
  ];
}
