import type { Answer, Question } from "./question.ts";
import { type Renderer, startRenderer } from "./renderer.ts";

/** Who asks for a rendering. */
export interface Asker {
  /** Each name has one answered in turn, however many it waits for: the flow, say. */
  name: string;
  /** Nobody wants the answer any more. */
  signal?: AbortSignal;
}

interface Waiting {
  question: Question;
  signal: AbortSignal | undefined;
  resolve(answer: Promise<Answer>): void;
}

/** One that takes its full time does not hold all others up; more of them would only take the processor from the tasks. */
const MOST_AT_ONCE = 2;
const idle: Renderer[] = [];
let busy = 0;
/** Who waits, by who asks. A Map iterates in the order of insertion: the first is the one whose turn it is. */
const lanes = new Map<string, Set<Waiting>>();

/** Has something rendered by a process of its own, as soon as one is free. */
export async function renderApart(question: Question, { name, signal }: Asker): Promise<Answer> {
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const waiting: Waiting = { question, signal, resolve };
  const leave = () => {
    reject(signal?.reason);
    takeFrom(name, waiting);
  };
  signal?.addEventListener("abort", leave, { once: true });
  lanes.set(name, (lanes.get(name) ?? new Set()).add(waiting));
  answerNext();
  try {
    return await promise;
  } finally {
    signal?.removeEventListener("abort", leave);
  }
}

function answerNext(): void {
  const [next] = lanes;
  if (next === undefined || busy >= MOST_AT_ONCE) return;
  const [name, lane] = next;
  const [waiting] = lane;
  if (waiting === undefined) return;
  takeFrom(name, waiting);
  busy += 1;
  const answer = ask(waiting).finally(() => {
    busy -= 1;
    answerNext();
  });
  waiting.resolve(answer);
}

/** Takes one out of its lane, which stands behind the others then. */
function takeFrom(name: string, waiting: Waiting): void {
  const lane = lanes.get(name);
  if (lane?.delete(waiting) !== true) return;
  lanes.delete(name);
  if (lane.size > 0) lanes.set(name, lane);
}

async function ask({ question, signal }: Waiting): Promise<Answer> {
  let renderer = idle.pop();
  while (renderer !== undefined && !renderer.isAlive()) renderer = idle.pop();
  renderer ??= await startRenderer();
  try {
    return await renderer.ask(question, signal);
  } finally {
    if (renderer.isAlive()) idle.push(renderer);
  }
}
