import { get, type Step } from "postgraphile/grafast";
import { extendSchema } from "postgraphile/utils";
import { type Arguments, callOne } from "../src/db/call.ts";
import { doStep } from "./call-step.ts";

interface PurgeInput {
  executionIds?: string[];
  namespace?: string;
  flowId?: string;
  states?: Arguments<"reprise_api.purge_executions">["states"];
  endedBefore?: string;
}

type Purged = Step<{
  purged_count: number | null;
  kept_count: number | null;
  deleted_file_count: number | null;
  freed_bytes: string | null;
}>;

/** Deletes ended executions. */
export const PurgePlugin = extendSchema(() => ({
  typeDefs: /* GraphQL */ `
    extend type Mutation {
      "Deletes ended executions with their task runs, attempts, logs and files. What living replays point at stays, out of sight."
      purgeExecutions("What to purge; conditions given together must all hold." input: PurgeExecutionsInput!): PurgeExecutionsPayload
    }

    "What to purge: at least one condition; those given together must all hold. Only what has ended is purged."
    input PurgeExecutionsInput {
      "These executions."
      executionIds: [UUID!]
      "Of this namespace, not of those below it."
      namespace: String
      "Of flows with this id."
      flowId: String
      "In one of these states."
      states: [ExecutionState!]
      "That ended before this time."
      endedBefore: Datetime
    }

    "What a purge did."
    type PurgeExecutionsPayload {
      "How many executions it purged."
      purgedCount: Int!
      "How many of them keep what living replays still point at, out of sight."
      keptCount: Int!
      "How many files nobody needed any more."
      deletedFileCount: Int!
      "The stored bytes of those files."
      freedBytes: BigInt!
    }
  `,
  objects: {
    Mutation: {
      plans: {
        purgeExecutions: (_$root, args) =>
          doStep(args, (input: PurgeInput, { db }) =>
            callOne(db, "reprise_api.purge_executions", {
              execution_ids: input.executionIds,
              namespace: input.namespace,
              flow_id: input.flowId,
              states: input.states,
              ended_before: input.endedBefore,
            }),
          ),
      },
    },
    PurgeExecutionsPayload: {
      plans: {
        purgedCount: ($result: Purged) => get($result, "purged_count"),
        keptCount: ($result: Purged) => get($result, "kept_count"),
        deletedFileCount: ($result: Purged) => get($result, "deleted_file_count"),
        freedBytes: ($result: Purged) => get($result, "freed_bytes"),
      },
    },
  },
}));
