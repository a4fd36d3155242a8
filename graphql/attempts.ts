import type { PgSelectSingleStep, PgSelectStep } from "postgraphile/@dataplan/pg";
import { get, lambda, type Step } from "postgraphile/grafast";
import { extendSchema } from "postgraphile/utils";
import { resourceNamed } from "./resource-named.ts";

/** What was tried, over all originals, and through which states it went. */
export const AttemptsPlugin = extendSchema((build) => {
  const listAttempts = resourceNamed(build, "list_attempts");
  return {
    typeDefs: /* GraphQL */ `
      extend type TaskRun {
        """
        Every attempt, in the order of their numbers: its own, and those of the originals that it carries or runs again. Numbers are missing where a restart began a task anew, a handler or what stands in a block that decides again: what had run for it is deleted, and only the log of the execution still has what it said.
        """
        attempts: [Attempt!]!
        "The states it went through in this execution."
        stateHistory: [StateChange!]!
      }

      extend type Execution {
        "The states it went through."
        stateHistory: [StateChange!]!
      }

      "A state that was reached."
      type StateChange {
        "The state."
        state: String!
        "When it was reached; empty when that is not known."
        at: Datetime
      }
    `,
    objects: {
      TaskRun: {
        plans: {
          attempts($taskRun: PgSelectSingleStep) {
            const $attempts = listAttempts.execute([{ step: $taskRun.get("id") }]) as PgSelectStep;
            $attempts.orderBy({ attribute: "number", direction: "ASC" });
            return $attempts;
          },
          stateHistory: ($taskRun: PgSelectSingleStep) => $taskRun.get("state_history"),
        },
      },
      Execution: {
        plans: { stateHistory: ($execution: PgSelectSingleStep) => $execution.get("state_history") },
      },
      StateChange: {
        plans: { at: ($change: Step<{ at?: string }>) => lambda(get($change, "at"), wholeTime) },
      },
    },
  };
});

/** JSON leaves out the last zeros of a second's fraction; all other times have six digits. */
function wholeTime(at: string | null | undefined): string | null {
  return (
    at?.replace(/(?:\.(\d+))?(?=[+-])(?=\S{6}$)/, (_, digits = "") => `.${digits.padEnd(6, "0")}`) ?? null
  );
}
