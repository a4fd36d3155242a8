/** A template that cannot be rendered: a missing variable, a filter that refuses its input, a budget used up. The message is for the flow's author. */
export class ExpressionError extends Error {
  override readonly name: string = "ExpressionError";
  /** The template's source, abbreviated when it is long; empty until the template that failed is known. */
  readonly expression: string;
  readonly line?: number;

  constructor(message: string, expression = "", line?: number, options?: ErrorOptions) {
    super(message, options);
    this.expression = expression;
    if (line !== undefined) this.line = line;
  }
}

/** A template does more than any may. */
export class LimitError extends ExpressionError {}

/** A template takes longer than there is patience for here: it is rendered anew where it may take its time. */
export class OutOfPatience extends ExpressionError {
  /** The template that takes long; empty where it is not one alone. */
  source = "";

  constructor() {
    super("The expression takes too long to be rendered here.");
  }
}

/** Whether it is for having done too much that a template failed. */
export function isLimit(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof LimitError) return true;
  return false;
}

/** A variable or an attribute that does not exist. `??`, `default` and `is defined` catch it; everything else lets it pass. */
export class MissingVariableError extends ExpressionError {
  override readonly name: string = "MissingVariableError";
  readonly variable: string;
  /** What to do about it, or nothing. It stands behind the message, which is Kestra's. */
  readonly hint: string;
  /** An operator or a `render()` around it has made a failure of it, which nothing catches. */
  isFinal = false;

  constructor(variable: string, expression: string, line: number, hint = "") {
    const shown = abbreviate(expression);
    const message = `Unable to find \`${variable}\` used in the expression \`${shown}\` at line ${line}`;
    super(hint === "" ? message : `${message}. ${hint}`, shown, line);
    this.variable = variable;
    this.hint = hint;
  }
}

/** Runs what turns a missing variable into a failure, as arithmetic, comparisons and `render()` do. */
export function failing<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof MissingVariableError) error.isFinal = true;
    throw error;
  }
}

/** A template that cannot be parsed. Line and column are counted from 1 within the template. */
export class ExpressionSyntaxError extends Error {
  override readonly name = "ExpressionSyntaxError";
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

/** Says which template failed, or which part of a long one, unless the error knows already. */
export function withExpression(error: unknown, source: string, line: number, part = ""): unknown {
  if (error instanceof OutOfPatience) {
    error.source = source;
    return error;
  }
  if (error instanceof ExpressionError && error.expression !== "") return error;
  const shown = abbreviate(part === "" ? source : part);
  if (error instanceof ExpressionError) {
    return new ExpressionError(
      `${endSentence(error.message)} Expression \`${shown}\`, line ${line}.`,
      shown,
      line,
      {
        cause: error,
      },
    );
  }
  if (error instanceof RangeError) {
    // Whatever a hostile template finds to exhaust (stack, string length, array length) ends as its own fault.
    return new ExpressionError(`The expression \`${shown}\` is too deep or too big.`, shown, line, {
      cause: error,
    });
  }
  return error;
}

/** A template may be two megabytes long; an error message should not be. */
const LONGEST_SHOWN = 1_000;

function abbreviate(source: string): string {
  return source.length <= LONGEST_SHOWN ? source : `${source.slice(0, LONGEST_SHOWN)} …`;
}

function endSentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}
