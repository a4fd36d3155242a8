import { ExpressionError } from "./expression-error.ts";
import type { Context, Run } from "./run.ts";

// Templates are rendered in one go, and what some functions give lies in the storage or in the database. So templates are rendered
// once before they are needed, only to hear what they ask for; that is fetched and laid beside the context, where they find it.

/** What a function asks for: its name, and the file that it is about. */
export interface FetchRequest {
  name: string;
  uri: string;
  /** What else is said about it. */
  details?: string;
}

/** Under this the context carries what was fetched: a template cannot name it. */
export const FETCHED = Symbol("fetched");

/** What was fetched for the templates of a task. */
export interface Fetched {
  readonly found: Map<string, { value: unknown } | { error: ExpressionError }>;
  /** The templates are rendered only to hear what they ask for. */
  isAsking: boolean;
}

/** A template cannot go on without something that is not there yet. Nothing but `contextWith` catches it. */
export class FetchNeeded extends Error {
  override readonly name = "FetchNeeded";
  readonly request: FetchRequest;

  constructor(request: FetchRequest) {
    super(request.name);
    this.request = request;
  }
}

/** What was fetched for a function, or the failure to. */
export function fetched(run: Run, request: FetchRequest): unknown {
  const fetches = fetchesOf(run.context);
  const known = fetches?.found.get(fetchKey(request));
  if (known === undefined && fetches?.isAsking === true) throw new FetchNeeded(request);
  if (known === undefined)
    throw new ExpressionError(
      `\`${request.name}\` is not available here: it works in what tasks and outputs of flows say, with what is known before.`,
    );
  if ("error" in known) throw new ExpressionError(known.error.message, "", undefined, { cause: known.error });
  return known.value;
}

/** What a macro sees: nothing of the context but what was fetched. */
export function withoutNames(context: Context): Context {
  const fetches = fetchesOf(context);
  return fetches === undefined ? NOTHING : ({ [FETCHED]: fetches } as Context);
}

const NOTHING: Context = {};

function fetchesOf(context: Context): Fetched | undefined {
  return (context as { [FETCHED]?: Fetched })[FETCHED];
}

/** The name under which something is kept. */
export function fetchKey({ name, uri, details }: FetchRequest): string {
  return details === undefined ? `${name} ${uri}` : `${name} ${details}`;
}
