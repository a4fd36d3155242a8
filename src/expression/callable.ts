import type { Run } from "./run.ts";

/** A filter: what stands behind `|`. Parameters may be given by place or by name; a missing one is `undefined`. */
export interface Filter {
  readonly parameters: readonly string[];
  /** How many of the parameters must be given. */
  readonly required?: number;
  /** Takes a missing variable for null instead of failing. */
  readonly isLenient?: boolean;
  apply(input: unknown, args: readonly unknown[], run: Run): unknown;
}

/** A test: what stands behind `is`. */
export interface Test {
  readonly parameters: readonly string[];
  readonly required?: number;
  readonly isLenient?: boolean;
  apply(input: unknown, args: readonly unknown[], run: Run): boolean;
}

/** A function. `"any"` takes any number of arguments, without names. */
export interface Callable {
  readonly parameters: readonly string[] | "any";
  readonly required?: number;
  call(args: readonly unknown[], run: Run): unknown;
}

export type Filters = Readonly<Record<string, Filter>>;
export type Functions = Readonly<Record<string, Callable>>;
