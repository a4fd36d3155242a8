import { get, type Step } from "postgraphile/grafast";
import { extendSchema } from "postgraphile/utils";
import { type Arguments, callOne } from "../src/db/call.ts";
import { doStep } from "./call-step.ts";
import { resourceNamed } from "./resource-named.ts";

interface UnqueueInput {
  executionId: string;
  state?: Arguments<"reprise_api.unqueue_execution">["state"];
}

/** Starts executions that wait, and labels them. */
export const SteeringMutationsPlugin = extendSchema((build) => {
  const executions = resourceNamed(build, "executions");
  const payload = {
    plans: { execution: ($done: Step<{ id: string }>) => executions.get({ id: get($done, "id") }) },
  };
  return {
    typeDefs,
    objects: {
      UnqueueExecutionPayload: payload,
      ForceRunExecutionPayload: payload,
      SetLabelsPayload: payload,
      Mutation: {
        plans: {
          unqueueExecution: (_$root, args) =>
            doStep(args, ({ executionId, state }: UnqueueInput, { db, actor }) =>
              callOne(db, "reprise_api.unqueue_execution", { execution_id: executionId, state, actor }),
            ),
          forceRunExecution: (_$root, args) =>
            doStep(args, ({ executionId }: { executionId: string }, { db, actor }) =>
              callOne(db, "reprise_api.force_run_execution", { execution_id: executionId, actor }),
            ),
          setLabels: (_$root, args) =>
            doStep(args, ({ executionId, labels }: { executionId: string; labels: unknown }, { db, actor }) =>
              callOne(db, "reprise_api.set_labels", { execution_id: executionId, labels, actor }),
            ),
        },
      },
    },
  };
});

const typeDefs = /* GraphQL */ `
  extend type Mutation {
    "Takes an execution out of the queue of its flow: it starts now, over the limit, or ends without having run."
    unqueueExecution("What to take out of the queue." input: UnqueueExecutionInput!): UnqueueExecutionPayload
    "Starts an execution now that waits for a slot of its flow or for its schedule date, over the limit and before the date; resumes one that is paused."
    forceRunExecution("What to start." input: ForceRunExecutionInput!): ForceRunExecutionPayload
    "Gives an execution labels in place of those that it has, also when it has ended. Those that start with system. stay, and cannot be set."
    setLabels("What to label." input: SetLabelsInput!): SetLabelsPayload
  }

  "What to take out of the queue."
  input UnqueueExecutionInput {
    "The execution that waits."
    executionId: UUID!
    "What becomes of it: RUNNING (the default), CANCELLED or FAILED."
    state: ExecutionState
  }

  "What was taken out of the queue."
  type UnqueueExecutionPayload {
    "The execution, running or ended."
    execution: Execution
  }

  "What to start."
  input ForceRunExecutionInput {
    "The execution that waits."
    executionId: UUID!
  }

  "What was made to start."
  type ForceRunExecutionPayload {
    "The execution, running."
    execution: Execution
  }

  "What to label."
  input SetLabelsInput {
    "The execution to label."
    executionId: UUID!
    "All the labels that it is to have, {\\"NAME\\": \\"TEXT\\"}."
    labels: JSON!
  }

  "What was labelled."
  type SetLabelsPayload {
    "The execution, with its labels."
    execution: Execution
  }
`;
