import { z } from "zod";
import { writeJson } from "../../../base/json.ts";
import { list, map } from "../../property.ts";
import { defineTaskType, TaskError } from "../../task-type.ts";

const entry = z.strictObject({
  key: z.unknown().meta({ description: "The name of the label." }),
  value: z.unknown().meta({ description: "Its value, as text." }),
});

/** `io.kestra.plugin.core.execution.Labels` */
export const labels = defineTaskType({
  type: "io.kestra.plugin.core.execution.Labels",
  title: "Label the execution",
  description:
    "Gives the execution labels, beside those that it has; of two with the same key the new one stays.",
  isText: true,
  isForEngine: true,
  properties: z.strictObject({
    labels: z.union([list(entry), map(z.unknown())], "Expected a map, or a list of `key` and `value`").meta({
      description: "The labels: a map, a list of `key` and `value`, or either written as JSON.",
    }),
  }),
  outputs: z.object({}),
  examples: [
    { title: "Label it by what came in", yaml: 'labels:\n  customer: "{{ inputs.customer }}"' },
    { title: "The same as a list", yaml: 'labels:\n  - key: customer\n    value: "{{ inputs.customer }}"' },
  ],
  async run({ properties }) {
    const given = Array.isArray(properties.labels)
      ? properties.labels.map(({ key, value }) => [asText(key), value] as const)
      : Object.entries(properties.labels).filter(([, value]) => value !== null);
    return { outputs: {}, change: { labels: Object.fromEntries(given.map(checked)) } };
  },
});

function checked([key, value]: readonly [string, unknown]): [string, string] {
  const text = asText(value);
  if (key.startsWith("system.")) {
    throw new TaskError(
      "system_label",
      `System labels can only be set by Reprise itself, offending label: ${key}=${text}`,
    );
  }
  if (key === "")
    throw new TaskError("invalid_label", `Label keys cannot be empty, offending label: =${text}`);
  if (text === "")
    throw new TaskError("invalid_label", `Label values cannot be empty, offending label: ${key}`);
  return [key, text];
}

function asText(value: unknown): string {
  return value !== null && typeof value === "object" ? writeJson(value) : String(value ?? "");
}
