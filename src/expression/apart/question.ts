import { FETCHED, type Fetched } from "../fetched.ts";
import { type LateKnown, putLate, takeLate } from "../late-outputs.ts";
import { type RenderOptions, renderDeep } from "../render-deep.ts";
import type { Context } from "../run.ts";
import { type PackedError, packedError, unpackedError } from "./error-wire.ts";
import { packed, unpacked } from "./wire.ts";

/** What another process is to render. */
export interface Question {
  value: unknown;
  context: unknown;
  options: RenderOptions;
  fetched: PackedFetched | undefined;
  known: unknown;
}

interface PackedFetched {
  isAsking: boolean;
  found: [key: string, result: { value: unknown } | { error: PackedError }][];
}

/** What came of it, and how long it took. */
export type Answer = ({ value: unknown } | { error: PackedError }) & { ms: number };

export function questionOf(value: unknown, context: Context, options: RenderOptions): Question {
  const fetched = (context as { [FETCHED]?: Fetched })[FETCHED];
  // One pass over all of it: what is read in several places is one thing over there, too.
  const late = takeLate(context);
  const [written, seen, known] = packed([value, late.context, late.known]) as unknown[];
  return { value: written, context: seen, options, fetched: fetched && packedFetched(fetched), known };
}

type Unpacked = [value: unknown, context: Context, known: LateKnown | undefined];

/** Renders what it is asked for, with all that a rendering may take. */
export function answerOf(question: Question): Answer {
  const start = performance.now();
  const took = () => performance.now() - start;
  try {
    const [value, early, known] = unpacked([question.value, question.context, question.known]) as Unpacked;
    const context = known === undefined ? early : putLate(early, known);
    const { fetched } = question;
    const seen = fetched ? ({ ...context, [FETCHED]: unpackedFetched(fetched) } as Context) : context;
    return { value: packed(renderDeep(value, seen, question.options)), ms: took() };
  } catch (error) {
    return { error: packedError(error), ms: took() };
  }
}

function packedFetched({ isAsking, found }: Fetched): PackedFetched {
  const results = [...found].map(([key, result]): PackedFetched["found"][number] => [
    key,
    "error" in result ? { error: packedError(result.error) } : { value: packed(result.value) },
  ]);
  return { isAsking, found: results };
}

function unpackedFetched({ isAsking, found }: PackedFetched): Fetched {
  const results = found.map(([key, result]) => [
    key,
    "error" in result ? { error: unpackedError(result.error) } : { value: unpacked(result.value) },
  ]) as [string, { value: unknown }][];
  return { isAsking, found: new Map(results) };
}
