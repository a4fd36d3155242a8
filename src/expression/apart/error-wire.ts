import {
  ExpressionError,
  ExpressionSyntaxError,
  LimitError,
  MissingVariableError,
} from "../expression-error.ts";
import { FetchNeeded, type FetchRequest } from "../fetched.ts";
import { type LateRequest, OutputsNeeded } from "../late-outputs.ts";

/** An error as it can be copied between processes. */
export interface PackedError {
  kind: "limit" | "missing" | "expression" | "syntax" | "fetch" | "outputs" | "unforeseen";
  message: string;
  expression: string;
  line: number | undefined;
  column: number;
  variable: string;
  hint: string;
  request?: FetchRequest;
  wanted?: LateRequest;
  stack: string | undefined;
  cause?: PackedError;
}

export function packedError(error: unknown): PackedError {
  const { expression = "", line, column = 0, variable = "", hint = "" } = error as Partial<PackedError>;
  const { message, stack, cause } = error instanceof Error ? error : new Error(String(error));
  const said = { kind: kindOf(error), message, expression, line, column, variable, hint, stack };
  return {
    ...said,
    ...(error instanceof FetchNeeded && { request: error.request }),
    ...(error instanceof OutputsNeeded && { wanted: error.request }),
    ...(cause instanceof Error && { cause: packedError(cause) }),
  };
}

function kindOf(error: unknown): PackedError["kind"] {
  if (error instanceof LimitError) return "limit";
  if (error instanceof MissingVariableError) return "missing";
  if (error instanceof ExpressionError) return "expression";
  if (error instanceof ExpressionSyntaxError) return "syntax";
  if (error instanceof OutputsNeeded) return "outputs";
  return error instanceof FetchNeeded ? "fetch" : "unforeseen";
}

export function unpackedError(error: PackedError): Error {
  const { kind, message, expression, line, column, variable, hint, request, wanted, stack, cause } = error;
  const options = cause === undefined ? undefined : { cause: unpackedError(cause) };
  if (kind === "limit") return new LimitError(message, expression, line, options);
  if (kind === "missing") return new MissingVariableError(variable, expression, line ?? 1, hint);
  if (kind === "expression") return new ExpressionError(message, expression, line, options);
  if (kind === "syntax") return new ExpressionSyntaxError(message, line ?? 1, column);
  if (kind === "fetch" && request !== undefined) return new FetchNeeded(request);
  if (kind === "outputs" && wanted !== undefined) return new OutputsNeeded(wanted);
  // Whoever mends it looks for where it happened, and not for where it was told.
  return Object.assign(new Error(message, options), { stack });
}
