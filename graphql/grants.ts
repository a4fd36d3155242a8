import type {} from "postgraphile";
import { ExecutionMutationsPlugin } from "./execution-mutations.ts";
import { FlowMutationsPlugin } from "./flow-mutations.ts";
import { PurgePlugin } from "./purge.ts";
import { SaveFlowPlugin } from "./save-flow.ts";
import { SteeringMutationsPlugin } from "./steering-mutations.ts";

/** What each mutation calls. PostGraphile leaves out what the role may not see; these are written by hand. */
const functions: Readonly<Record<string, string>> = {
  createExecution: "create_execution",
  replayExecution: "replay_execution",
  restartExecution: "restart_execution",
  killExecution: "kill_execution",
  unqueueExecution: "unqueue_execution",
  forceRunExecution: "force_run_execution",
  pauseExecution: "pause_execution",
  resumeExecution: "resume_execution",
  changeTaskRunState: "change_task_run_state",
  setLabels: "set_labels",
  purgeExecutions: "purge_executions",
  saveFlow: "save_revision",
  enableFlow: "enable_flow",
  disableFlow: "disable_flow",
  deleteFlow: "delete_flow",
};

/** Leaves out the mutations whose function the narrow role may not call: what is not granted does not exist. */
export const GrantsPlugin: GraphileConfig.Plugin = {
  name: "GrantsPlugin",
  version: "0.0.0",
  description: "Leaves out the mutations that the role may not do.",
  after: [
    ...[ExecutionMutationsPlugin, SteeringMutationsPlugin, PurgePlugin, FlowMutationsPlugin, SaveFlowPlugin],
  ].map(({ name }) => name),
  schema: {
    hooks: {
      GraphQLObjectType_fields(fields, build, { Self }) {
        if (Self.name !== "Mutation") return fields;
        const isGranted = ([name]: [string, unknown]) =>
          build.pgResources[functions[name] ?? ""]?.extensions?.canExecute === true;
        return Object.fromEntries(Object.entries(fields).filter(isGranted));
      },
    },
  },
};
