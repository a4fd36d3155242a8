import type { Pool } from "pg";
import { type FieldArgs, type Step, sideEffect } from "postgraphile/grafast";
import type { SecretBox } from "../src/base/secret-box.ts";
import { fromContext } from "./context.ts";

/** What a call gets beside its arguments. */
export interface Caller {
  db: Pool;
  /** Who asks, as far as it is known. */
  actor: string | undefined;
  secretBox: SecretBox;
}

/** A step that does something once, with the input of its mutation, and gives the result. */
export function doStep<I, R extends object>(
  fieldArgs: FieldArgs,
  work: (input: I, caller: Caller) => Promise<R>,
): Step<R> {
  const $all = [
    fieldArgs.getRaw("input"),
    fromContext("db"),
    fromContext("actor"),
    fromContext("secretBox"),
  ] as const;
  return sideEffect($all, ([input, db, actor, secretBox]) =>
    work(withoutNulls(input) as I, { db, actor, secretBox }),
  );
}

/** A null is as good as nothing: the defaults are the function's. */
function withoutNulls(input: object): object {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null));
}
