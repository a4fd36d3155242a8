import { setImmediate } from "node:timers/promises";
import { unpackedError } from "./apart/error-wire.ts";
import { type Answer, questionOf } from "./apart/question.ts";
import { type Asker, renderApart } from "./apart/renderers.ts";
import { unpacked } from "./apart/wire.ts";
import { shortBudget } from "./budget.ts";
import { OutOfPatience, withExpression } from "./expression-error.ts";
import { fetchNeeded, OutputsNeeded } from "./late-outputs.ts";
import { type RenderOptions, renderDeep } from "./render-deep.ts";
import type { Context } from "./run.ts";
import { forgetSlow, noteSlow } from "./slow-templates.ts";

// A worker runs many tasks on one thread. A template that takes its full two seconds there would hold all of them up, with the
// heartbeats that keep it alive. So the main thread renders with a budget that ordinary templates never use up, some
// renderings in each turn of its event loop. What uses it up is rendered anew in a process of its own, from the start: what a
// rendering reads is plain data, and it changes nothing. Memory has its limit there, too.

/** Under this a context says who asks: a template cannot name it. */
export const ASKER = Symbol("asker");

/** Of one turn of the event loop renderings take so much; then heartbeats, answers and the work of others have theirs. */
const LONGEST_TURN_MS = 20;
/** So little that the main thread may try again. */
const QUICK_MS = 10;
let turnMs = 0;
let nextTurn: Promise<void> | undefined;

/** The context with who asks for the renderings. */
export function askedBy(context: Context, asker: Asker): Context {
  return { ...context, [ASKER]: asker } as Context;
}

/**
 * Renders everything in a value as `renderDeep` does, and takes no more of the event loop than others can spare. Outputs that it comes to
 * and that are not there yet are fetched, and it renders anew.
 */
export async function renderInTurn(
  value: unknown,
  context: Context,
  options: RenderOptions = {},
): Promise<unknown> {
  for (;;) {
    try {
      return await renderHereOrElsewhere(value, context, options);
    } catch (error) {
      if (!(error instanceof OutputsNeeded)) throw error;
      await fetchNeeded(context, error);
    }
  }
}

async function renderHereOrElsewhere(
  value: unknown,
  context: Context,
  options: RenderOptions,
): Promise<unknown> {
  try {
    return await inTurn(() => renderDeep(value, context, options, shortBudget()));
  } catch (error) {
    if (!(error instanceof OutOfPatience)) throw error;
    return await renderElsewhere(value, context, options, error.source);
  }
}

async function renderElsewhere(
  value: unknown,
  context: Context,
  options: RenderOptions,
  source: string,
): Promise<unknown> {
  noteSlow(source);
  const answer = await ask(value, context, options).catch((error: unknown) => {
    // A process that was ended could not say which template it was.
    throw withExpression(error, source, 1);
  });
  if (answer.ms < QUICK_MS) forgetSlow(source);
  if ("error" in answer) throw unpackedError(answer.error);
  return await inTurn(() => unpacked(answer.value));
}

async function ask(value: unknown, context: Context, options: RenderOptions): Promise<Answer> {
  const asker = (context as { [ASKER]?: Asker })[ASKER] ?? { name: "" };
  const question = await inTurn(() => questionOf(value, context, options));
  return await renderApart(question, asker);
}

/** Does something as soon as this turn, or one of the next, has time for it. */
async function inTurn<T>(action: () => T): Promise<T> {
  while (turnMs >= LONGEST_TURN_MS) await nextTurn;
  nextTurn ??= turn();
  const start = performance.now();
  try {
    return action();
  } finally {
    turnMs += performance.now() - start;
  }
}

async function turn(): Promise<void> {
  await setImmediate();
  turnMs = 0;
  nextTurn = undefined;
}
