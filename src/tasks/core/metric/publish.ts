import { z } from "zod";
import { durationMs } from "../../../flow/duration.ts";
import { list, map, number, text } from "../../property.ts";
import { defineTaskType, type Metric, TaskError } from "../../task-type.ts";

const common = {
  name: text().meta({ description: "What it is called." }),
  description: text().optional().meta({ description: "What it says." }),
  tags: map(text()).default({}).meta({ description: "What tells it apart from others of its name." }),
};

const metric = z.discriminatedUnion(
  "type",
  [
    z.strictObject({
      type: z.literal("counter"),
      value: number().meta({ description: "How many more." }),
      ...common,
    }),
    z.strictObject({
      type: z.literal("gauge"),
      value: number().meta({ description: "How much it is." }),
      ...common,
    }),
    z.strictObject({
      type: z.literal("timer"),
      value: z.union([z.string(), z.number()]).meta({ description: "How long: a duration, or seconds." }),
      ...common,
    }),
  ],
  "Expected a type: counter, gauge or timer",
);

/** `io.kestra.plugin.core.metric.Publish` */
export const publish = defineTaskType({
  type: "io.kestra.plugin.core.metric.Publish",
  title: "Publish metrics",
  description: "Records numbers beside the task run, to be shown and compared.",
  properties: z.strictObject({
    metrics: list(metric).optional().meta({
      description:
        "The metrics, each with a `type` (`counter`, `gauge` or `timer`), a `name` and a `value`: a number, of a timer a duration such as PT5M.",
    }),
  }),
  outputs: z.object({}),
  examples: [
    {
      title: "How many rows came, and how long it took",
      yaml: 'metrics:\n  - type: counter\n    name: rows\n    value: "{{ outputs.load.size }}"\n    tags:\n      table: orders\n  - type: timer\n    name: waited\n    value: PT5S',
    },
  ],
  async run({ properties, context }) {
    for (const each of properties.metrics ?? []) context.metric(metricOf(each));
    return { outputs: {} };
  },
});

const TYPES = { counter: "COUNTER", gauge: "GAUGE", timer: "TIMER" } as const;

function metricOf({ type, value, ...rest }: z.output<typeof metric>): Metric {
  return {
    ...rest,
    type: TYPES[type],
    value: typeof value === "string" ? millisecondsOf(value) : type === "timer" ? value * 1000 : value,
  };
}

function millisecondsOf(value: string): number {
  const ms = durationMs(value.trim());
  if (ms !== undefined) return ms;
  throw new TaskError("invalid_properties", `\`${value}\` is not a duration such as PT5M.`);
}
