import { extendSchema } from "postgraphile/utils";
import { type Arguments, callOne } from "../src/db/call.ts";
import { resumeExecution } from "../src/worker/resume-execution.ts";
import { doStep } from "./call-step.ts";
import { executionPayload } from "./execution-payload.ts";

interface UnqueueInput {
  executionId: string;
  state?: Arguments<"reprise_api.unqueue_execution">["state"];
}

interface ResumeInput {
  executionId: string;
  inputs?: unknown;
  taskRunId?: string;
  breakpoints?: string[];
}

interface ChangeStateInput {
  taskRunId: string;
  state: Arguments<"reprise_api.change_task_run_state">["state"];
}

/** Starts executions that wait, pauses and resumes them, says how a task run shall have ended, and labels them. */
export const SteeringMutationsPlugin = extendSchema((build) => {
  const payload = executionPayload(build);
  return {
    typeDefs,
    objects: {
      UnqueueExecutionPayload: payload,
      ForceRunExecutionPayload: payload,
      SetLabelsPayload: payload,
      PauseExecutionPayload: payload,
      ResumeExecutionPayload: payload,
      ChangeTaskRunStatePayload: payload,
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
          pauseExecution: (_$root, args) =>
            doStep(args, ({ executionId }: { executionId: string }, { db, actor }) =>
              callOne(db, "reprise_api.pause_execution", { execution_id: executionId, actor }),
            ),
          resumeExecution: (_$root, args) =>
            doStep(
              args,
              ({ executionId, inputs, taskRunId, breakpoints }: ResumeInput, { db, actor, secretBox }) =>
                resumeExecution(
                  db,
                  { execution_id: executionId, inputs, task_run_id: taskRunId, breakpoints, actor },
                  secretBox,
                ),
            ),
          changeTaskRunState: (_$root, args) =>
            doStep(args, ({ taskRunId, state }: ChangeStateInput, { db, actor }) =>
              callOne(db, "reprise_api.change_task_run_state", { task_run_id: taskRunId, state, actor }),
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
    "Pauses an execution as a whole: what runs goes on to its end, nothing begins until somebody resumes it."
    pauseExecution("What to pause." input: PauseExecutionInput!): PauseExecutionPayload
    "Goes on with an execution that is paused: with one that somebody has paused as a whole or that stands at a breakpoint, else from the Pause that waits first."
    resumeExecution("What to resume." input: ResumeExecutionInput!): ResumeExecutionPayload
    "Says of a task run of an ended execution how it shall have ended, and goes on from there, without running that task again."
    changeTaskRunState("What to mark." input: ChangeTaskRunStateInput!): ChangeTaskRunStatePayload
    "Gives an execution labels in place of those that it has, also when it has ended. Those that start with system. stay, and can only be given as they are."
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

  "What to pause."
  input PauseExecutionInput {
    "The execution to pause."
    executionId: UUID!
  }

  "What was paused."
  type PauseExecutionPayload {
    "The execution, paused."
    execution: Execution
  }

  "What to resume."
  input ResumeExecutionInput {
    "The execution that is paused."
    executionId: UUID!
    "What the Pause asks for, {\\"ID\\": VALUE}; checked as the inputs of a flow are."
    inputs: JSON
    "The task run of another Pause than the one that waits first."
    taskRunId: BigInt
    "The tasks before which it stops next, in place of those that it had."
    breakpoints: [String!]
  }

  "What was resumed."
  type ResumeExecutionPayload {
    "The execution, going on; PAUSED until a worker has rendered what was asked for, where a secret comes into that."
    execution: Execution
  }

  "What to mark."
  input ChangeTaskRunStateInput {
    "The task run to mark."
    taskRunId: BigInt!
    "How it shall have ended: SUCCESS, WARNING or FAILED."
    state: TaskRunState!
  }

  "What was marked."
  type ChangeTaskRunStatePayload {
    "The execution, going on."
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
