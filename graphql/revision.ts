import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import type { PgSelectSingleStep } from "postgraphile/@dataplan/pg";
import { type FieldArgs, lambda } from "postgraphile/grafast";
import { extendSchema } from "postgraphile/utils";
import { RepriseError } from "../src/base/errors.ts";
import { resourceNamed } from "./resource-named.ts";

/** Texts that have nothing in common take long to compare, and nobody reads the result. */
const diffTimeoutMs = 1000;

/** What a revision consists of, and what it changed. */
export const RevisionPlugin = extendSchema((build) => {
  const tasks = resourceNamed(build, "tasks");
  const revisions = resourceNamed(build, "flow_revisions");
  return {
    typeDefs: /* GraphQL */ `
      extend type FlowRevision {
        "Its tasks, in the order of the flow."
        tasks: [Task!]!
        "A unified diff from another revision to this one; empty when the texts are equal."
        diff(
          "The other revision; the one before unless told. Before the first there was an empty text."
          against: Int
        ): String!
      }
    `,
    objects: {
      FlowRevision: {
        plans: {
          tasks($revision: PgSelectSingleStep) {
            const $tasks = tasks.find({
              namespace: $revision.get("namespace"),
              flow_id: $revision.get("flow_id"),
              revision: $revision.get("revision"),
            });
            $tasks.orderBy({ attribute: "key", direction: "ASC" });
            return $tasks;
          },
          diff($revision: PgSelectSingleStep, fieldArgs: FieldArgs) {
            const $number = $revision.get("revision");
            const $other = lambda(
              [fieldArgs.getRaw("against"), $number],
              ([against, number]) => against ?? Number(number) - 1,
            );
            const $found = revisions.get({
              namespace: $revision.get("namespace"),
              flow_id: $revision.get("flow_id"),
              revision: $other,
            });
            const $sides = [$other, $found.get("source"), $number, $revision.get("source")] as const;
            return lambda($sides, ([other, otherSource, number, source]) =>
              diffRevisions(
                { number: Number(other), source: otherSource },
                { number: Number(number), source },
              ),
            );
          },
        },
      },
    },
  };
});

interface Side {
  number: number;
  source: unknown;
}

function diffRevisions(from: Side, to: Side): string {
  if (typeof from.source !== "string" && from.number !== 0) {
    throw new RepriseError(
      "RP404",
      "revision_not_found",
      `There is no revision ${from.number} to compare with.`,
    );
  }
  const before = typeof from.source === "string" ? from.source : "";
  const after = String(to.source);
  if (before === after) return "";
  const names = [`revision ${from.number}`, `revision ${to.number}`] as const;
  const options = { context: 3, timeout: diffTimeoutMs, headerOptions: FILE_HEADERS_ONLY };
  const patch = createTwoFilesPatch(...names, before, after, undefined, undefined, options);
  if (patch !== undefined) return patch;
  throw new RepriseError(
    "RP422",
    "too_different",
    `Revisions ${from.number} and ${to.number} are too different to compare.`,
  );
}
