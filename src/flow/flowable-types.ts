import { z } from "zod";
import type { TaskKind } from "./compiled-flow.ts";
import { outputSchema } from "./flow-schema.ts";
import { inputSchema } from "./input-schema.ts";
import { booleanText, duration, renderedDuration } from "./words.ts";

/** What flow/ knows of a task type whose work is to run other tasks. */
export interface FlowableType {
  kind: TaskKind | undefined;
  properties: z.ZodObject;
  /** Whether a later version will run it. */
  isLater: boolean;
}

const list = z.array(z.unknown()).min(1);
const maybeList = z.array(z.unknown()).optional();
const text = z.string();
const flag = z.boolean().optional();
const count = z.int().min(0).max(2_147_483_647).optional();
const values = z.union([z.string(), z.array(z.unknown())]);
const labels = z
  .union([z.record(z.string(), z.unknown()), z.array(z.looseObject({ key: text, value: z.unknown() }))])
  .optional();
const restartBehavior = z.enum(["RETRY_FAILED", "NEW_EXECUTION"]).optional();

/** What starts an execution of another flow. */
const subflow = {
  namespace: text.min(1),
  flowId: text.min(1),
  revision: z.union([z.int().min(1), z.string()]).optional(),
  inputs: z.record(z.string(), z.unknown()).optional(),
  labels,
  wait: flag,
  transmitFailed: flag,
  inheritLabels: z
    .union([z.boolean(), z.string().regex(booleanText, "Expected true or false")], "Expected true or false")
    .optional(),
  scheduleDate: text.optional(),
  restartBehavior,
};

function flowable(kind: TaskKind | undefined, properties: z.ZodRawShape): FlowableType {
  return {
    kind,
    isLater: kind === undefined,
    properties: z.strictObject(
      kind === "SUBFLOW" ? properties : { ...properties, errors: maybeList, finally: maybeList },
    ),
  };
}

/** The blocks that have nothing to render before they run their tasks: SQL opens them by itself. */
export const inlineKinds = [
  "SEQUENTIAL",
  "PARALLEL",
  "DAG",
  "ALLOW_FAILURE",
  "FOR_EACH_ITEM",
] as const satisfies readonly TaskKind[];

const loopUntil = flowable("LOOP_UNTIL", {
  condition: z.union([text, z.boolean(), z.number()]),
  failOnMaxReached: flag,
  checkFrequency: z
    .strictObject({
      interval: duration().optional(),
      maxIterations: count,
      maxDuration: duration().optional(),
    })
    .optional(),
  tasks: list,
});

/** The task types of `io.kestra.plugin.core.flow` that run other tasks or flows, by full name. */
export const flowableTypes: ReadonlyMap<string, FlowableType> = new Map(
  Object.entries({
    Sequential: flowable("SEQUENTIAL", { tasks: list }),
    Parallel: flowable("PARALLEL", { tasks: list, concurrent: count }),
    Dag: flowable("DAG", {
      tasks: z
        .array(
          z.strictObject({ task: z.record(z.string(), z.unknown()), dependsOn: z.array(text).optional() }),
        )
        .min(1),
      concurrent: count,
    }),
    // biome-ignore lint/suspicious/noThenProperty: the flow language calls the branch so.
    If: flowable("IF", { condition: z.union([text, z.boolean(), z.number()]), then: list, else: maybeList }),
    Switch: flowable("SWITCH", {
      value: z.union([text, z.boolean(), z.number()]),
      cases: z.record(z.string(), z.array(z.unknown())).optional(),
      defaults: maybeList,
    }),
    ForEach: flowable("FOR_EACH", { values, concurrencyLimit: count, tasks: list }),
    EachSequential: flowable("FOR_EACH", { value: values, tasks: list }),
    EachParallel: flowable("FOR_EACH", { value: values, concurrent: count, tasks: list }),
    Loop: flowable("FOR_EACH", {
      values: z.union([...values.options, z.record(z.string(), z.unknown())]),
      concurrencyLimit: count,
      transmitFailed: flag,
      outputs: z.array(outputSchema).optional(),
      fetchType: z.enum(["AUTO", "FETCH", "STORE"]).optional(),
      tasks: list,
    }),
    LoopUntil: loopUntil,
    WaitFor: loopUntil, // its name before Kestra 0.22
    AllowFailure: flowable("ALLOW_FAILURE", { tasks: list }),
    WorkingDirectory: flowable("WORKING_DIRECTORY", {
      tasks: list,
      inputFiles: z.union([text, z.record(z.string(), z.unknown())]).optional(),
      outputFiles: z.union([text, z.array(text)]).optional(),
      namespaceFiles: z.unknown().optional(),
      cache: z
        .strictObject({ patterns: z.union([text, z.array(text)]), ttl: renderedDuration().optional() })
        .optional(),
    }),
    Pause: flowable("PAUSE", {
      pauseDuration: duration().optional(),
      delay: duration().optional(),
      behavior: z.enum(["RESUME", "WARN", "FAIL", "CANCEL"]).optional(),
      onPause: z.record(z.string(), z.unknown()).optional(),
      onResume: z.array(inputSchema).optional(),
      tasks: maybeList,
    }),
    Subflow: flowable("SUBFLOW", { ...subflow, outputs: z.record(z.string(), z.unknown()).optional() }),
    ForEachItem: flowable("FOR_EACH_ITEM", {
      ...subflow,
      items: text.min(1),
      batch: z
        .strictObject({
          rows: z.union([z.int(), text]).optional(),
          bytes: text.optional(),
          partitions: z.union([z.int().min(1), text]).optional(),
          separator: text.optional(),
          regexPattern: text.optional(),
        })
        .optional(),
    }),
    Template: flowable(undefined, {
      namespace: text,
      templateId: text,
      args: z.record(z.string(), z.unknown()).optional(),
    }),
  }).flatMap(([name, type]): [string, FlowableType][] => [
    [`io.kestra.plugin.core.flow.${name}`, type],
    // Flows may still call it by the name that it once had.
    ...(["Subflow", "ForEachItem"].includes(name)
      ? [[`io.kestra.core.tasks.flows.${name}`, type] as [string, FlowableType]]
      : []),
  ]),
);
