import { ExpressionError, ExpressionSyntaxError, isLimit } from "./expression-error.ts";
import { FETCHED, type Fetched, FetchNeeded, type FetchRequest, fetchKey } from "./fetched.ts";
import { renderInTurn } from "./render-in-turn.ts";
import type { Context } from "./run.ts";
import { isTemplate } from "./template.ts";
import { isList, isMap } from "./values.ts";

/** Gets what a function asks for. An ExpressionError is what the function will fail with. */
export type Fetch = (request: FetchRequest) => Promise<unknown>;

/** The templates of one task may ask for so many files, and for so many characters in them. */
const MOST_FETCHES = 100;
const MOST_CHARACTERS = 16 * 1024 * 1024;

/**
 * The context with all that the templates in a value ask for. Faults are left to who renders them in earnest, but for work without end:
 * once is enough of that. Throws ExpressionError.
 */
export async function contextWith(value: unknown, context: Context, fetch: Fetch): Promise<Context> {
  const fetches: Fetched = { found: new Map(), isAsking: true };
  const complete = { ...context, [FETCHED]: fetches };
  const limits = { characters: 0 };
  for (const source of templatesIn(value)) {
    for (
      let request = await ask(source, complete);
      request !== undefined && fetches.found.size <= MOST_FETCHES;
      request = await ask(source, complete)
    )
      fetches.found.set(fetchKey(request), await attempt(request, fetches.found.size, limits, fetch));
    // One more than that, and it would ask for ever: what it asks for is made up anew each time.
    if (fetches.found.size > MOST_FETCHES) break;
  }
  fetches.isAsking = false;
  return complete;
}

interface Limits {
  characters: number;
}

/** Renders a template to hear what it lacks. */
async function ask(source: string, context: Context): Promise<FetchRequest | undefined> {
  try {
    await renderInTurn(source, context);
  } catch (error) {
    if (error instanceof FetchNeeded) return error.request;
    if (!(error instanceof ExpressionError || error instanceof ExpressionSyntaxError) || isLimit(error))
      throw error;
  }
  return undefined;
}

async function attempt(request: FetchRequest, count: number, limits: Limits, fetch: Fetch) {
  try {
    if (count >= MOST_FETCHES)
      throw new ExpressionError(`The expressions of a task read at most ${MOST_FETCHES} files and answers.`);
    const value = await fetch(request);
    if (typeof value === "string") limits.characters += value.length;
    if (limits.characters > MOST_CHARACTERS)
      throw new ExpressionError(
        "The expressions of a task read more than 16 MiB; give the file to the task instead.",
      );
    return { value };
  } catch (error) {
    if (error instanceof ExpressionError) return { error };
    throw error;
  }
}

function* templatesIn(value: unknown): Generator<string> {
  if (typeof value === "string") {
    if (isTemplate(value)) yield value;
  } else if (isList(value)) for (const item of value) yield* templatesIn(item);
  else if (isMap(value)) for (const key of Object.keys(value)) yield* templatesIn([key, value[key]]);
}
