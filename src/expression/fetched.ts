import { ExpressionError } from "./expression-error.ts";
import type { Run } from "./run.ts";

// Templates are rendered in one go, and what some functions give lies in the storage or in the database. So templates are rendered
// once before they are needed, only to hear what they ask for; that is fetched and laid beside the context, where they find it.

/** What a function asks for: its name, and the file that it is about. */
export interface FetchRequest {
  name: string;
  uri: string;
}

/** Under this the context carries what was fetched: a template cannot name it. */
export const FETCHED = Symbol("fetched");
export type Fetched = Map<string, { value: unknown } | { error: ExpressionError }>;

/** A template cannot go on without something that is not there yet. Nothing but `contextWith` catches it. */
export class FetchNeeded extends Error {
  override readonly name = "FetchNeeded";
  readonly request: FetchRequest;

  constructor(request: FetchRequest) {
    super(
      `\`${request.name}\` is not available in this place: it needs what lies in the storage or the database, and works in the properties of tasks.`,
    );
    this.request = request;
  }
}

/** What was fetched for a function, or the failure to. */
export function fetched(run: Run, request: FetchRequest): unknown {
  const found = (run.context as { [FETCHED]?: Fetched })[FETCHED];
  const known = found?.get(fetchKey(request));
  if (known === undefined) throw new FetchNeeded(request);
  if ("error" in known) throw new ExpressionError(known.error.message, "", undefined, { cause: known.error });
  return known.value;
}

/** The name under which something is kept. */
export function fetchKey({ name, uri }: FetchRequest): string {
  return `${name} ${uri}`;
}
