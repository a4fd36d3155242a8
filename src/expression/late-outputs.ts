import { keysOf } from "../base/key-order.ts";
import { hasPlace, nestOutputs, nestStates, type ShownTaskRun } from "./nested-outputs.ts";
import type { Context } from "./run.ts";

// What tasks gave may stand in thousands of iterations, and a template that nobody sees through before it is rendered, as
// `render(inputs.text)`, may read all of it, some, or none. So nothing of it is there when an attempt begins. A rendering that comes
// to some of it stops, that is fetched, and it begins anew. What is known stays known, so all renderings of an attempt see the same.

/** What a rendering has come to: everything; a task, of which what it most likely reads is enough; or all that the task gave under some keys. */
export interface LateRequest {
  task?: string | undefined;
  keys?: readonly string[] | undefined;
}

/** What was found. Under these keys nothing is missing; what else is among it is a part of what is there. */
export interface LateAnswer {
  shown: readonly ShownTaskRun[];
  keys: readonly string[];
}

export type FetchLate = (request: LateRequest) => Promise<LateAnswer>;

/** A rendering cannot go on without outputs that are still to be fetched. Nothing but `renderInTurn` catches it. */
export class OutputsNeeded extends Error {
  override readonly name = "OutputsNeeded";
  readonly request: LateRequest;

  constructor(request: LateRequest) {
    super("outputs");
    this.request = request;
  }
}

/** What is known so far. Plain data: it goes along to where something is rendered apart. */
export interface LateKnown {
  /** Everything, once it was asked for. */
  all?: readonly ShownTaskRun[];
  tasks: KnownTask[];
  requests: number;
}

interface KnownTask {
  task: string;
  shown: readonly ShownTaskRun[];
  /** Nothing is missing under these. */
  complete: (readonly string[])[];
  /** What one of their keys leads to was fetched alone. */
  tried: (readonly string[])[];
}

/** The names of a context that come late. */
interface LateNames {
  outputs: unknown;
  tasks: unknown;
}

interface Late {
  known: LateKnown;
  names: LateNames;
  fetch: FetchLate;
}

/** Under this a context carries what is known: a template cannot name it. */
const LATE = Symbol("late");

/** Each request is one rendering more. Who asks for so many parts is given the whole. */
const MOST_REQUESTS = 20;

/** The context with outputs, and states of tasks, that are fetched when a rendering comes to them. */
export function withLateOutputs(context: Context, fetch: FetchLate): Context {
  const known: LateKnown = { tasks: [], requests: 0 };
  const names = lateNames(known);
  return { ...context, ...names, [LATE]: { known, names, fetch } satisfies Late } as Context;
}

/** Fetches what a rendering has come to. */
export async function fetchNeeded(context: Context, { request }: OutputsNeeded): Promise<void> {
  const late = lateOf(context);
  if (late === undefined) throw new Error("Nobody fetches the outputs of this context.");
  learn(late.known, request, await late.fetch(request));
}

/** The context with all of them, for who does more with it than rendering. */
export async function withAllOutputs(context: Context): Promise<Context> {
  const late = lateOf(context);
  if (late === undefined) return context;
  if (late.known.all === undefined) learn(late.known, {}, await late.fetch({}));
  const { all = [] } = late.known;
  return { ...context, outputs: nestOutputs(all), tasks: nestStates(all) };
}

/** What is known of the outputs of a context, and the context with nothing in the place of what comes late. */
export function takeLate(context: Context): { known: LateKnown | undefined; context: Context } {
  const late = lateOf(context);
  if (late === undefined) return { known: undefined, context };
  const others = Object.entries(context).map(([name, value]) => {
    const isLate = Object.hasOwn(late.names, name) && value === late.names[name as keyof LateNames];
    return [name, isLate ? undefined : value];
  });
  return { known: late.known, context: Object.fromEntries(others) };
}

/** The context as it was before `takeLate`. */
export function putLate(context: Context, known: LateKnown): Context {
  const names = lateNames(known);
  const isMissing = (name: keyof LateNames) => Object.hasOwn(context, name) && context[name] === undefined;
  return {
    ...context,
    ...(isMissing("outputs") && { outputs: names.outputs }),
    ...(isMissing("tasks") && { tasks: names.tasks }),
  };
}

function lateOf(context: Context): Late | undefined {
  return (context as { [LATE]?: Late })[LATE];
}

function learn(known: LateKnown, { task, keys }: LateRequest, answer: LateAnswer): void {
  known.requests += 1;
  if (task === undefined) {
    known.all = answer.shown;
    return;
  }
  const before = known.tasks.find((one) => one.task === task);
  const { shown = [], complete = [], tried = [] } = before ?? {};
  const found = new Set(answer.shown.map((one) => nameOf(one.keys)));
  const kept = shown.filter((one) => !isUnder(one.keys, answer.keys) && !found.has(nameOf(one.keys)));
  const now: KnownTask = {
    task,
    shown: [...kept, ...answer.shown],
    complete: [...complete, answer.keys],
    tried: keys === undefined || keys.length === 0 ? tried : [...tried, keys.slice(0, -1)],
  };
  known.tasks = [...known.tasks.filter((one) => one !== before), now];
}

function lateNames(known: LateKnown): LateNames {
  const outputs = once(known, () => known.all && nestOutputs(known.all));
  const states = once(known, () => known.all && nestStates(known.all));
  const parts = new Map<string, () => unknown>();
  const part: Part = (task, ...keys) => {
    const name = nameOf([task, ...keys]);
    const look = parts.get(name) ?? once(known, () => outputsUnder(known, part, task, keys));
    parts.set(name, look);
    return look();
  };
  return {
    outputs: lateMap(known, {}, (task) => part(task), outputs),
    tasks: lateMap(known, {}, () => stop(known, {}), states),
  };
}

/** What is found is one and the same thing for a template that changes it, until more is known. */
function once<T>(known: LateKnown, find: () => T): () => T {
  let found: { value: T; requests: number } | undefined;
  return () => {
    if (found?.requests !== known.requests) found = { value: find(), requests: known.requests };
    return found.value;
  };
}

/** What stands under some keys of the outputs of a task. */
type Part = (task: string, ...keys: string[]) => unknown;

/** Finds that, undefined where nothing stands there; part looks further inside. */
function outputsUnder(known: LateKnown, part: Part, task: string, keys: readonly string[]): unknown {
  const knownTask = known.tasks.find((one) => one.task === task) ?? stop(known, { task });
  const { complete, tried } = knownTask;
  const isWhole = keys.length === 0;
  const branch = keys.reduce<Branch | undefined>((one, key) => one?.inside.get(key), branchOf(knownTask));
  const under = (branch?.shown ?? []).filter((one) => isWhole || hasPlace(one));
  const isComplete = complete.some((prefix) => isUnder(keys, prefix));
  const [first] = under;
  if (first === undefined) {
    if (isComplete) return undefined;
    // One key beside what is known is fetched alone; who looks at a second one may look at all.
    const around = keys.slice(0, -1);
    return stop(known, { task, keys: tried.some((one) => isSame(one, around)) ? around : keys });
  }
  if (first.keys.length === keys.length) return under.at(-1)?.outputs;
  const inside = (key: string) => part(task, ...keys, key);
  if (!isComplete) return lateMap(known, { task, keys }, inside, () => undefined);
  return nestOutputs(under.map((one) => ({ ...one, task: "", keys: one.keys.slice(keys.length) })))[""];
}

/**
 * A map of which a part is known, or nothing: `part` gives what a key leads to, and `whole` all of it, when it is known. Whoever wants
 * more than there is stops at it.
 */
function lateMap(
  known: LateKnown,
  request: LateRequest,
  part: (key: string) => unknown,
  whole: () => Record<string, unknown> | undefined,
): Record<string, unknown> {
  const valueAt = (key: string | symbol): unknown => {
    if (typeof key === "symbol") return undefined;
    const all = whole();
    if (all === undefined) return part(key);
    return Object.hasOwn(all, key) ? all[key] : undefined;
  };
  return new Proxy<Record<string, unknown>>(
    {},
    {
      get: (_, key) => valueAt(key),
      has: (_, key) => valueAt(key) !== undefined,
      getOwnPropertyDescriptor(_, key) {
        const value = valueAt(key);
        return value === undefined
          ? undefined
          : { value, writable: true, enumerable: true, configurable: true };
      },
      ownKeys: () => [...keysOf(whole() ?? stop(known, request))],
    },
  );
}

/** Those of a task that gave something, all together, and by the key that leads further. */
interface Branch {
  shown: ShownTaskRun[];
  inside: Map<string, Branch>;
}

const branches = new WeakMap<KnownTask, Branch>();

/** A template may look up thousands one by one: each is found by its keys. */
function branchOf(known: KnownTask): Branch {
  const before = branches.get(known);
  if (before !== undefined) return before;
  const root: Branch = { shown: [], inside: new Map() };
  for (const one of known.shown) {
    if (one.outputs === undefined) continue;
    let here = root;
    here.shown.push(one);
    for (const key of one.keys) {
      const next: Branch = here.inside.get(key) ?? { shown: [], inside: new Map() };
      here.inside.set(key, next);
      here = next;
      here.shown.push(one);
    }
  }
  branches.set(known, root);
  return root;
}

function nameOf(keys: readonly string[]): string {
  return JSON.stringify(keys);
}

function stop(known: LateKnown, request: LateRequest): never {
  throw new OutputsNeeded(known.requests < MOST_REQUESTS ? request : {});
}

function isUnder(keys: readonly string[], prefix: readonly string[]): boolean {
  return prefix.every((key, index) => key === keys[index]);
}

function isSame(keys: readonly string[], others: readonly string[]): boolean {
  return keys.length === others.length && isUnder(keys, others);
}
