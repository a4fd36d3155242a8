import { writeJson } from "../base/json.ts";
import { entriesOf, mapOf } from "../base/key-order.ts";
import type { SecretBox } from "../base/secret-box.ts";
import { plainNumber } from "../base/whole-float.ts";
import { callOne, type Database } from "../db/call.ts";
import type { Task } from "../db/generated.ts";
import { renderInTurn } from "../expression/render-in-turn.ts";
import type { Context } from "../expression/template.ts";
import type { CompiledInput } from "../flow/compiled-flow.ts";
import { instantOf } from "../flow/input-form.ts";
import type { Storage } from "../storage/storage.ts";
import { bool } from "../tasks/property.ts";
import { TaskError } from "../tasks/task-type.ts";
import { stepsInLoops } from "./attempt-context.ts";
import type { Begun } from "./begun.ts";
import { sealInputs } from "./given-inputs.ts";
import type { Secrets } from "./secrets.ts";

/** What a Subflow asks SQL to start: executions of one flow, one for each of the inputs. */
export interface SubflowRequest {
  namespace: string;
  flowId: string;
  revision?: number;
  labels: Record<string, unknown>;
  inheritLabels: boolean;
  /** When the executions are to start, as ISO text; at once without it. */
  scheduleDate?: string;
  inputs: Record<string, unknown>[];
  /** Set where they are those of batches. */
  batches?: true;
}

/** Renders what a Subflow starts. */
export async function subflowRequest(
  task: Pick<Task, "definition">,
  context: Context,
): Promise<SubflowRequest> {
  const { inputs, ...start } = written(task);
  return { ...(await requestOf(start, context)), inputs: [await inputsOf(inputs, context)] };
}

/**
 * Renders what a ForEachItem starts: inputs for each batch, which see it as `taskrun.items`. `complete` lays beside a context what the
 * templates want to read.
 */
export async function batchedRequest(
  task: Pick<Task, "definition" | "id" | "reads">,
  context: Context,
  begun: Pick<Begun, "iteration_path">,
  storage: Storage,
  signal: AbortSignal,
  complete: (context: Context) => Promise<Context>,
): Promise<SubflowRequest> {
  const { inputs, ...start } = written(task);
  const { namespace, flowId } = start;
  const uris = await readSplits(task, context, begun, storage, signal);
  const request: SubflowRequest = {
    // Where nothing is started, nobody asks what that is to be called, nor when it is to start.
    ...(await requestOf(uris.length === 0 ? { namespace, flowId } : start, context)),
    inputs: [],
    batches: true,
  };
  for (const [iteration, items] of uris.entries()) {
    const taskrun = { ...(context.taskrun as Record<string, unknown>), items, iteration };
    request.inputs.push(await inputsOf(inputs, await complete({ ...context, taskrun })));
  }
  return request;
}

/** The URIs of the batches, from the list that the task before has made, in the same iteration of the loops around. */
async function readSplits(
  task: Pick<Task, "definition" | "id" | "reads">,
  context: Context,
  { iteration_path }: Pick<Begun, "iteration_path">,
  storage: Storage,
  signal: AbortSignal,
): Promise<string[]> {
  const { splits } = task.definition as { splits: string };
  let here = (await renderInTurn(splits, context)) as Record<string, unknown>;
  const inLoops = stepsInLoops(task, task.id.replace(/_items$/, "_split"));
  for (const [step, value] of (iteration_path ?? []).entries())
    if (!inLoops.includes(step)) here = here[value] as Record<string, unknown>;
  const pieces = await Array.fromAsync(storage.get(String(here.splits), signal));
  return Buffer.concat(pieces)
    .toString()
    .split("\n")
    .filter((line) => line !== "");
}

/** A Subflow's properties that say what it starts. */
interface WrittenStart {
  namespace: unknown;
  flowId: unknown;
  revision?: unknown;
  labels?: unknown;
  inheritLabels?: unknown;
  scheduleDate?: unknown;
}

function written({ definition }: Pick<Task, "definition">): WrittenStart & { inputs?: unknown } {
  const { namespace, flowId, revision, labels, inheritLabels, scheduleDate, inputs } = definition as Record<
    string,
    unknown
  >;
  return { namespace, flowId, revision, labels, inheritLabels, scheduleDate, inputs };
}

async function requestOf(start: WrittenStart, context: Context): Promise<Omit<SubflowRequest, "inputs">> {
  const rendered = (await renderInTurn(start, context)) as WrittenStart;
  const revision = revisionOf(rendered.revision);
  return {
    namespace: nameOf("namespace", rendered.namespace),
    flowId: nameOf("flowId", rendered.flowId),
    ...(revision === undefined ? {} : { revision }),
    labels: labelsOf(rendered.labels),
    inheritLabels: inheritsLabels(rendered.inheritLabels),
    ...(rendered.scheduleDate ? { scheduleDate: dateOf(String(rendered.scheduleDate)) } : {}),
  };
}

function nameOf(property: string, value: unknown): string {
  if (typeof value === "string" && value.trim() !== "") return value.trim();
  throw new TaskError(
    "invalid_properties",
    `\`${property}\` has to be the name of a flow's own; it is empty.`,
  );
}

function inheritsLabels(value: unknown): boolean {
  const { success, data } = bool().safeParse(value ?? false);
  if (success) return data;
  throw new TaskError("invalid_properties", `\`inheritLabels\` has to be true or false, not \`${value}\`.`);
}

function dateOf(text: string): string {
  const at = instantOf("DATETIME", text);
  if (at !== undefined) return new Date(at * 1_000).toISOString();
  throw new TaskError(
    "invalid_properties",
    `\`scheduleDate\` has to be a date with time and zone, such as 2026-01-31T09:00:00Z, not \`${text}\`.`,
  );
}

function revisionOf(value: unknown): number | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const revision = Number(plainNumber(value));
  if (Number.isInteger(revision) && revision > 0 && revision < 2 ** 31) return revision;
  throw new TaskError(
    "invalid_properties",
    `\`revision\` has to be a whole number from 1, not \`${value}\`.`,
  );
}

/** Labels are a map, or a list of `{ key, value }`. Those without a value are left out; of two with one key the last counts. */
function labelsOf(value: unknown): Record<string, unknown> {
  const entries: [string, unknown][] = Array.isArray(value)
    ? value.map(({ key, value: text }: { key?: unknown; value?: unknown }) => [String(key ?? ""), text])
    : Object.entries((value ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    entries
      .filter(([, text]) => text !== null && text !== undefined && text !== "")
      .map(([key, text]) => [key, typeof text === "object" ? writeJson(text) : String(text)]),
  );
}

/** Templates give texts here, also within lists and maps: what these are is for the inputs to say. What is written as null is not given. */
async function inputsOf(inputs: unknown, context: Context): Promise<Record<string, unknown>> {
  const rendered = ((await renderInTurn(inputs ?? {}, context, { isText: true })) ?? {}) as Record<
    string,
    unknown
  >;
  return Object.fromEntries(
    Object.entries(rendered).filter(([, value]) => value !== null && value !== undefined),
  );
}

/**
 * What is sent to SQL, with every text encrypted that a secret has come into. Labels are read everywhere, and the names of the flow and of
 * inputs are looked up: those that stand in the flow's text are no secrets, though one may happen to be a part of them.
 */
export function withoutSecrets(
  request: SubflowRequest,
  { definition }: Pick<Task, "definition">,
  secrets: Secrets,
): SubflowRequest {
  const { namespace, flowId, inputs = {} } = definition as Record<string, unknown>;
  for (const [written, name] of [
    [namespace, request.namespace],
    [flowId, request.flowId],
  ]) {
    if (String(written).trim() === name || secrets.mask(name) === name) continue;
    throw new TaskError("secret_in_name", "The name of the flow holds a secret, and would show it.");
  }
  const isWritten = (key: string) =>
    typeof inputs === "object" && inputs !== null && Object.hasOwn(inputs, key);
  const sealed = (each: Record<string, unknown>) =>
    mapOf(
      entriesOf(each).map(([key, value]) => [isWritten(key) ? key : secrets.mask(key), secrets.seal(value)]),
    );
  return { ...request, labels: secrets.mask(request.labels), inputs: request.inputs.map(sealed) };
}

/** Encrypts what is given for the secrets of the flow that is started; without a key it says in their place that there is none. */
export async function sealRequest(
  { db, secretBox }: { db: Database; secretBox: SecretBox },
  request: SubflowRequest,
): Promise<SubflowRequest> {
  const { namespace, flowId: flow_id, revision, inputs } = request;
  if (inputs.every((each) => Object.keys(each).length === 0)) return request;
  const secrets = (await callOne(db, "reprise_engine.find_secret_inputs", {
    namespace,
    flow_id,
    revision: revision ?? null,
  })) as unknown as CompiledInput[];
  if (secrets.length === 0) return request;
  return {
    ...request,
    inputs: inputs.map((each) => sealInputs(secretBox, secrets, each) as Record<string, unknown>),
  };
}
