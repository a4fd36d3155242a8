import { extendSchema } from "postgraphile/utils";
import { type Arguments, callOne } from "../src/db/call.ts";
import { createExecution } from "../src/worker/create-execution.ts";
import { replayExecution } from "../src/worker/judge-replay.ts";
import { doStep } from "./call-step.ts";
import { executionPayload } from "./execution-payload.ts";

interface CreateInput {
  namespace: string;
  flowId: string;
  inputs?: unknown;
  labels?: unknown;
  revision?: number;
  note?: string;
  idempotencyKey?: string;
  breakpoints?: string[];
  scheduleDate?: string;
}

interface ReplayInput {
  executionId: string;
  anchors?: string[];
  revision?: string;
  mode?: Arguments<"reprise_api.replay_execution">["mode"];
  inputs?: unknown;
  overrides?: unknown;
  note?: string;
  planHash?: string;
  idempotencyKey?: string;
  breakpoints?: string[];
}

/** Starts executions, replays, restarts and kills them. */
export const ExecutionMutationsPlugin = extendSchema((build) => {
  const payload = executionPayload(build);
  return {
    typeDefs,
    objects: {
      CreateExecutionPayload: payload,
      ReplayExecutionPayload: payload,
      RestartExecutionPayload: payload,
      KillExecutionPayload: payload,
      Mutation: {
        plans: {
          createExecution: (_$root, args) =>
            doStep(
              args,
              ({ flowId, idempotencyKey, scheduleDate, ...input }: CreateInput, { db, actor, secretBox }) =>
                createExecution(
                  db,
                  {
                    ...input,
                    flow_id: flowId,
                    idempotency_key: idempotencyKey,
                    ...(scheduleDate !== undefined && { schedule_date: scheduleDate }),
                    actor,
                  },
                  secretBox,
                ),
            ),
          replayExecution: (_$root, args) =>
            doStep(
              args,
              ({ executionId, planHash, idempotencyKey, ...input }: ReplayInput, { db, actor, secretBox }) =>
                replayExecution(
                  db,
                  {
                    ...input,
                    execution_id: executionId,
                    plan_hash: planHash,
                    idempotency_key: idempotencyKey,
                    actor,
                  },
                  secretBox,
                ),
            ),
          restartExecution: (_$root, args) =>
            doStep(args, ({ executionId }: { executionId: string }, { db, actor }) =>
              callOne(db, "reprise_api.restart_execution", { execution_id: executionId, actor }),
            ),
          killExecution: (_$root, args) =>
            doStep(args, ({ executionId }: { executionId: string }, { db, actor }) =>
              callOne(db, "reprise_api.kill_execution", { execution_id: executionId, actor }),
            ),
        },
      },
    },
  };
});

const typeDefs = /* GraphQL */ `
  extend type Mutation {
    "Starts an execution of a flow. What the flow checks before that is evaluated first, and what it blocks is refused (RP422)."
    createExecution("What to start." input: CreateExecutionInput!): CreateExecutionPayload
    "Runs an execution again from any task run, on any revision, as a new execution; nothing of the original changes. Ask replayPlan first what it would do."
    replayExecution("What to replay, and from where." input: ReplayExecutionInput!): ReplayExecutionPayload
    "Goes on with an ended execution from what failed or was killed in it: the same execution, new attempts. To keep it as it is, replay it."
    restartExecution("What to restart." input: RestartExecutionInput!): RestartExecutionPayload
    "Kills an execution: what waits does not start, what runs is stopped within about a second."
    killExecution("What to kill." input: KillExecutionInput!): KillExecutionPayload
  }

  "What to start."
  input CreateExecutionInput {
    "The namespace of the flow."
    namespace: String!
    "The id of the flow."
    flowId: String!
    "The inputs, {\\"ID\\": VALUE}; they are checked, and refused with every fault named."
    inputs: JSON
    "Labels of this execution, {\\"NAME\\": \\"TEXT\\"}, laid over those of the flow."
    labels: JSON
    "The revision to run on; the latest unless told."
    revision: Int
    "Why, for whoever looks at it later."
    note: String
    "The same key gives the same execution, however often it is sent."
    idempotencyKey: String
    "When to start it, instead of at once. Until then it is CREATED, and takes no slot of its flow."
    scheduleDate: Datetime
    "The tasks before which it stops, until it is resumed: TASK, or TASK[\\"VALUE\\", …] inside loops."
    breakpoints: [String!]
  }

  "What was started."
  type CreateExecutionPayload {
    "The new execution, or the one that has the idempotency key."
    execution: Execution
  }

  "What to replay, and from where."
  input ReplayExecutionInput {
    "The execution to replay."
    executionId: UUID!
    "Where to start: start, failed, auto, the id of a task run, task:ID, or task:ID[\\"VALUE\\", …] inside loops; several at once."
    anchors: [String!]
    "The revision to run on: original, latest, or a number. The original's unless told."
    revision: String
    "Whether everything behind the anchors runs again (the default), or only what can come out different."
    mode: ReplayMode
    "Inputs to change, laid over the original's."
    inputs: JSON
    "Outputs to give to carried tasks: {\\"TASK\\": {outputs}}; inside of loops of every iteration, or of one: TASK[\\"VALUE\\", …]."
    overrides: JSON
    "Why, for whoever looks at it later."
    note: String
    "The hash of the plan that was looked at: another plan is refused (RP409)."
    planHash: String
    "The same key gives the same replay, however often it is sent."
    idempotencyKey: String
    "The tasks before which it stops, until it is resumed: TASK, or TASK[\\"VALUE\\", …] inside loops."
    breakpoints: [String!]
  }

  "What was replayed."
  type ReplayExecutionPayload {
    "The replay: a new execution."
    execution: Execution
  }

  "What to restart."
  input RestartExecutionInput {
    "The execution to go on with."
    executionId: UUID!
  }

  "What was restarted."
  type RestartExecutionPayload {
    "The execution, running again."
    execution: Execution
  }

  "What to kill."
  input KillExecutionInput {
    "The execution to kill."
    executionId: UUID!
  }

  "What was killed."
  type KillExecutionPayload {
    "The execution, on its way to KILLED."
    execution: Execution
  }
`;
