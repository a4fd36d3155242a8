import { z } from "zod";
import { checkSchema, concurrencySchema, slaSchema } from "./gate-schema.ts";
import { inputSchema, inputTypes } from "./input-schema.ts";
import { flowLabelsSchema } from "./label-schema.ts";
import { retrySchema } from "./retry-schema.ts";
import { workerGroupSchema } from "./task-schema.ts";
import { triggerSchema } from "./trigger-schema.ts";
import { identifier } from "./words.ts";

const text = z.string();

/** Tasks are read one by one: their schema depends on their type. */
const taskList = z.array(z.unknown());

/** What a flow gives at its end. */
export const outputSchema = z.strictObject({
  id: identifier(256),
  type: z.enum(inputTypes).optional(),
  value: z.unknown().refine((value) => value !== undefined, {
    error: "Property `value` is required.",
    params: { reason: "missing_property" },
  }),
  displayName: text.optional(),
  description: text.optional(),
  required: z.boolean().optional(),
});

/** What holds for all tasks of a type, or of types that begin alike. */
export const pluginDefaultSchema = z.strictObject({
  type: text.min(1),
  values: z.record(text, z.unknown()).refine((values) => Object.keys(values).length > 0, {
    error: "A plugin default needs `values`.",
    params: { reason: "missing_property" },
  }),
  forced: z.boolean().optional(),
  ref: text.optional(),
});

/** Flows of these names could not be told from what is done with flows. */
const reserved: ReadonlySet<unknown> = new Set([
  ...["pause", "resume", "force-run", "change-status", "kill", "executions", "search", "source", "disable"],
  "enable",
]);

/** The top level of a flow. */
export const flowSchema = z.strictObject({
  id: identifier(100).refine((id) => !reserved.has(id), {
    error: ({ input }) => `The id \`${input}\` is taken by the API.`,
    params: { reason: "reserved_id", hint: `These are: ${[...reserved].join(", ")}.` },
  }),
  namespace: text
    .min(1)
    .max(150)
    .refine((namespace) => namespace === "" || /^[a-z0-9][a-z0-9._-]*$/.test(namespace), {
      error:
        "A namespace starts with a lower-case letter or a digit and goes on with these, `.`, `_` and `-`.",
      params: { reason: "invalid_id" },
    })
    .meta({ pattern: "^[a-z0-9][a-z0-9._-]*$" }),
  /** Counted by the database; taken so that an exported flow can be saved again. */
  revision: z.int().min(1).optional(),
  /** Kestra exports it with a flow; one that is saved is there. */
  deleted: z.literal(false, { error: "A flow that is saved cannot be `deleted`." }).optional(),
  description: text.optional(),
  disabled: z.boolean().optional(),
  labels: flowLabelsSchema.optional(),
  variables: z.record(z.string(), z.unknown()).optional(),
  inputs: z.array(inputSchema).optional(),
  tasks: taskList.min(1),
  errors: taskList.optional(),
  finally: taskList.optional(),
  afterExecution: taskList.optional(),
  outputs: z.array(outputSchema).optional(),
  triggers: z.array(triggerSchema).optional(),
  retry: retrySchema.optional(),
  concurrency: concurrencySchema.optional(),
  sla: z.array(slaSchema).optional(),
  pluginDefaults: z.array(pluginDefaultSchema).optional(),
  checks: z.array(checkSchema).optional(),
  workerGroup: workerGroupSchema.optional(),
});

/** The top level of a flow as it is written. */
export type FlowSource = z.infer<typeof flowSchema>;
