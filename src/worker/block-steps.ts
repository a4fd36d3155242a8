import { readJson, writeJson } from "../base/json.ts";
import { keysOf } from "../base/key-order.ts";
import { shorten } from "../base/shorten.ts";
import { plainNumber } from "../base/whole-float.ts";
import type { Task, TaskKind } from "../db/generated.ts";
import { renderInTurn } from "../expression/render-in-turn.ts";
import type { Context } from "../expression/template.ts";
import { isMap, isTruthy } from "../expression/values.ts";
import { durationMs } from "../flow/duration.ts";
import { inlineKinds } from "../flow/flowable-types.ts";
import { TaskError } from "../tasks/task-type.ts";
import { whatCame } from "../tasks/what-came.ts";
import { askedInputs } from "./asked-inputs.ts";
import { describeError } from "./attempt-error.ts";
import type { Begun } from "./begun.ts";
import type { LoopFile } from "./loop-file.ts";
import { storableMessage } from "./storable-message.ts";
import type { AttemptError } from "./transitions.ts";

/**
 * Finds out what a block has to run, from its properties as they are written. What it gives is for SQL to go on with, and shown as
 * the block's outputs.
 */
export type BlockStep = (
  task: Pick<Task, "definition" | "type">,
  context: Context,
  begun: Pick<Begun, "loop">,
  file?: LoopFile,
) => Promise<BlockFindings>;

/** What a block has found out; with an error it has failed. */
export interface BlockFindings {
  outputs: Record<string, unknown>;
  error?: AttemptError;
}

/** What the blocks do that a worker has to look at before they run their tasks, by kind. */
export const blockSteps: ReadonlyMap<string, BlockStep> = new Map<TaskKind, BlockStep>([
  ["IF", async (task, context) => ({ outputs: { evaluationResult: await conditionHolds(task, context) } })],
  ["SWITCH", chooseCase],
  [
    "FOR_EACH",
    async (task, context, _, file) => ({
      outputs: { ...(await findValues(task, context, file)), ...(await limitOf(task, context)) },
    }),
  ],
  ["LOOP_UNTIL", goOnUntil],
  ["PAUSE", pause],
  // These came to a worker for their runIf, or for a limit that is a template.
  ...inlineKinds.map((kind): [TaskKind, BlockStep] => [
    kind,
    async (task, context) => ({ outputs: await limitOf(task, context) }),
  ]),
]);

/** Whether a condition holds, as the text that it makes: lists and maps are JSON. */
export function holds(condition: unknown): boolean {
  return isTruthy(textOf(condition));
}

function definitionOf({ definition }: Pick<Task, "definition">): Record<string, unknown> {
  return definition as Record<string, unknown>;
}

/** How many lanes may be open at once, where a template says so. */
async function limitOf(task: Pick<Task, "definition">, context: Context): Promise<{ concurrent?: number }> {
  const { concurrent } = definitionOf(task);
  return typeof concurrent === "string"
    ? { concurrent: countOf(await renderInTurn(concurrent, context), "concurrent") }
    : {};
}

async function conditionHolds(task: Pick<Task, "definition">, context: Context): Promise<boolean> {
  return holds(await renderInTurn(definitionOf(task).condition, context));
}

/**
 * Before the first iteration nothing is looked at; behind each one the condition, and whether there may be another:
 * `iterationCount` is the number of the iteration that comes next, or of the last.
 */
async function goOnUntil(
  task: Pick<Task, "definition">,
  context: Context,
  { loop }: Pick<Begun, "loop">,
): Promise<BlockFindings> {
  if (loop === null) return { outputs: { iterationCount: 1 } };
  const standing = loop as { iterationCount: number; elapsedMs: number };
  try {
    return await askAgain(task, context, standing);
  } catch (error) {
    // It fails in the iteration in which it is.
    return { outputs: { iterationCount: standing.iterationCount }, error: describeError(error) };
  }
}

async function askAgain(
  task: Pick<Task, "definition">,
  context: Context,
  { iterationCount, elapsedMs }: { iterationCount: number; elapsedMs: number },
): Promise<BlockFindings> {
  if (await conditionHolds(task, context)) return { outputs: { iterationCount, isOver: true } };

  const definition = definitionOf(task);
  const { interval, maxIterations, maxDuration } = ((await renderInTurn(
    definition.checkFrequency,
    context,
  )) ?? {}) as Record<string, unknown>;
  const outputs = { iterationCount: iterationCount + 1 };
  const reached =
    isGiven(maxIterations) && iterationCount >= countOf(maxIterations, "maxIterations")
      ? { reason: "max_iterations_reached", message: "Max iterations reached" }
      : isGiven(maxDuration) && elapsedMs >= lengthOf(maxDuration, "maxDuration")
        ? { reason: "max_duration_reached", message: "Max duration reached" }
        : undefined;
  if (reached === undefined) {
    return { outputs: { ...outputs, waitMs: lengthOf(isGiven(interval) ? interval : "PT1M", "interval") } };
  }
  return flagOf(await renderInTurn(definition.failOnMaxReached ?? false, context), "failOnMaxReached")
    ? { outputs, error: reached }
    : { outputs: { ...outputs, isOver: true } };
}

const endings = { RESUME: "SUCCESS", WARN: "WARNING", FAIL: "FAILED", CANCEL: "CANCELLED" } as const;

/** How long to wait, how it ends by itself then, and what whoever resumes it is asked for. */
async function pause(task: Pick<Task, "definition">, context: Context): Promise<BlockFindings> {
  const { onResume, ...definition } = definitionOf(task);
  const { pauseDuration, delay, timeout, behavior } = (await renderInTurn(definition, context)) as Record<
    string,
    unknown
  >;
  const duration = pauseDuration ?? delay;
  const ending = endingOf(behavior ?? "RESUME");
  const wait =
    duration !== undefined && duration !== null
      ? { waitMs: lengthOf(duration, "pauseDuration"), ending }
      : timeout !== undefined && timeout !== null
        ? { waitMs: lengthOf(timeout, "timeout"), ending: "FAILED" }
        : {};
  return { outputs: { pause: { ...wait, inputs: await askedInputs(onResume, context) } } };
}

function endingOf(behavior: unknown): (typeof endings)[keyof typeof endings] {
  if (Object.hasOwn(endings, String(behavior))) return endings[behavior as keyof typeof endings];
  const expected = Object.keys(endings).join("`, `");
  throw new TaskError(
    "invalid_value",
    `The behavior \`${shorten(textOf(behavior), 200)}\` is none: expected one of \`${expected}\`.`,
  );
}

/** Whether a template gave anything: of what may be left out, null and an empty text leave it out. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

function countOf(written: unknown, property: string): number {
  const count = typeof written === "string" && written.trim() !== "" ? Number(written) : plainNumber(written);
  if (typeof count === "number" && Number.isInteger(count) && count >= 0) return count;
  throw new TaskError(
    "invalid_number",
    `The ${property} \`${textOf(written)}\` is no whole number from 0 on.`,
  );
}

function flagOf(written: unknown, property: string): boolean {
  if (written === true || written === "true") return true;
  if (written === false || written === "false") return false;
  throw new TaskError(
    "invalid_boolean",
    `The ${property} \`${shorten(textOf(written), 200)}\` is neither true nor false.`,
  );
}

function lengthOf(written: unknown, property: string): number {
  const ms = durationMs(plainNumber(written));
  if (ms !== undefined) return ms;
  throw new TaskError("invalid_duration", `The ${property} \`${written}\` is no duration, such as PT30S.`);
}

async function chooseCase(task: Pick<Task, "definition">, context: Context): Promise<BlockFindings> {
  const definition = definitionOf(task);
  const value = textOf(await renderInTurn(definition.value, context));
  const cases = definition.cases as string[];
  if (cases.includes(value)) return { outputs: { value, defaults: false } };
  const outputs = { value, defaults: true };
  if (definition.hasDefaults === true) return { outputs };
  const message = `There is no case for \`${value}\`, and there are no \`defaults\`.`;
  return { outputs, error: { reason: "no_case", message: storableMessage(message) } };
}

/** The values of a loop, each once. One over a map goes through its keys, and has what stands under them as its items. */
async function findValues(
  task: Pick<Task, "definition" | "type">,
  context: Context,
  file: LoopFile | undefined,
): Promise<Record<string, unknown>> {
  if (file !== undefined) return { ...loopOver(file.values), uri: file.uri };
  const definition = definitionOf(task);
  const rendered = await renderInTurn(definition.values ?? definition.value, context);
  if (task.type.endsWith(".flow.Loop")) return loopOver(rendered);
  const list = listOf(rendered);
  const missing = list.filter((value) => value === null || value === undefined).length;
  if (missing > 0) {
    throw new TaskError(
      "null_value",
      `Found ${missing} null ${missing === 1 ? "value" : "values"} in the values of a loop.`,
    );
  }
  return { values: [...new Set(list.map(textOf))] };
}

function loopOver(rendered: unknown): Record<string, unknown> {
  const found = typeof rendered === "string" ? parse(rendered) : rendered;
  const keys = isMap(found) ? [...keysOf(found)] : undefined;
  const items = isMap(found) ? keysOf(found).map((key) => found[key]) : listOf(found);
  if (items.some((item) => item === null || item === undefined)) {
    throw new TaskError("null_value", `Found a null value inside the iteration values=${textOf(found)}`);
  }
  const texts = items.map(textOf);
  const values = keys ?? [...new Set(texts)];
  return { values, ...(keys === undefined ? {} : { items: texts }), iterationCount: values.length };
}

/** The values of a loop: a list, or the text of one. */
function listOf(rendered: unknown): unknown[] {
  const values = typeof rendered === "string" ? parse(rendered) : rendered;
  if (Array.isArray(values)) return values;
  throw notAList(rendered);
}

function parse(text: string): unknown {
  try {
    return readJson(text);
  } catch {
    throw notAList(text);
  }
}

function notAList(value: unknown): TaskError {
  return new TaskError(
    "not_a_list",
    `The values of a loop have to be a list, as it is written in JSON; ${whatCame(value)}.`,
  );
}

function textOf(value: unknown): string {
  return typeof value === "object" && value !== null ? writeJson(value) : String(value ?? "");
}
