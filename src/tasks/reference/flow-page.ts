import { isDeepStrictEqual } from "node:util";
import { readFlow } from "../../flow/read-flow.ts";
import { flowExamples, flowTextOf, refusedExamples } from "../../flow/reference/flow-examples.ts";
import type { JsonSchema } from "../../flow/reference/json-schema.ts";
import { taskTypes } from "../registry.ts";
import { definitions, pick, schema } from "./definitions.ts";
import { inputParts } from "./input-part.ts";
import { code, page, yamlText } from "./markdown.ts";
import { propertyTable } from "./property-table.ts";

/** What stands at the top of a flow, and in its parts. */
export function flowPage(): string {
  return page(
    "Flows",
    yamlText(flowTextOf(flowExamples.flow)),
    propertyTable(schema, definitions),
    part("Inputs", ...inputParts(tables(definitions.input ?? {}))),
    part(
      "Outputs",
      "They are rendered at the end of the execution, and read by whoever asks for it, and by a Subflow that has started it.",
      tables(definitions.output ?? {}),
      yamlText(flowExamples.outputs),
    ),
    part(
      "Labels",
      "A map, or a list of `key` and `value`. A key starts with a small letter; those that start with `system.` are set by the system only. A value that is a number or " +
        "a boolean becomes text. Templates read `billing.code` as `labels.billing.code`.",
      yamlText(flowExamples.labels),
      yamlText(flowExamples.labelList),
    ),
    part(
      "Retries",
      "For a task, or for all tasks of a flow that have none of their own. What is not limited by `maxAttempts` or `maxDuration` is tried until it succeeds.",
      tables(definitions.retry ?? {}, flowExamples),
    ),
    part(
      "Concurrency",
      "Executions that wait for a slot are `QUEUED`, and begin in the order in which they came.",
      tables(definitions.concurrency ?? {}),
      yamlText(flowExamples.concurrency),
    ),
    part("SLAs", tables(definitions.sla ?? {}), yamlText(flowExamples.sla)),
    part(
      "Checks",
      "They are asked before an execution is created, and see its `inputs`, `vars` and `flow`; what reads more is asked by a worker before the first task. Of several that do not hold, the gravest `behavior` wins.",
      tables(definitions.check ?? {}),
      yamlText(flowExamples.checks),
    ),
    part(
      "Plugin defaults",
      "What a task does not say is taken from the entries for its type, and from those for what its type begins with: from the type " +
        "itself before a beginning, from a longer one before a shorter one, from the first of the list before the next. Forced entries " +
        "win over the task, in the same order. They hold for every map with a `type`, in blocks and inside of tasks, too.",
      tables(definitions.pluginDefault ?? {}),
      yamlText(flowExamples.pluginDefaults),
    ),
    part(
      "Durations",
      "Of ISO 8601, with days as their longest unit: `PT30S`, `PT1H30M`, `P1D`; or a number of seconds.",
    ),
    part(
      "Triggers",
      "Not supported yet: a flow that has any is refused, after all that is wrong with them has been told, too.",
      tables(definitions.trigger ?? {}),
    ),
    part(
      "Worker groups",
      "Workers that `reprise worker --group big` starts run the tasks with `workerGroup: { key: big }`, and nothing else. A block hands its group " +
        "to the tasks in it; a `WorkingDirectory` runs with all of its tasks where it begins. What blocks and the flow do by themselves, such as " +
        "looking at a condition, workers without a group do: there has to be one.",
      tables(definitions.workerGroup ?? {}),
    ),
    part(
      "What is refused",
      "Kestra's flows may have these. Here they are refused when the flow is saved:",
      refusedTable(),
    ),
  );
}

function part(title: string, ...parts: string[]): string {
  return [`## ${title}`, ...parts].join("\n\n");
}

/** One table, or one for each type, each with its example. */
function tables(definition: JsonSchema, examples: Readonly<Record<string, string>> = {}): string {
  if (definition.oneOf === undefined) return propertyTable(definition, definitions);
  const shared = sharedNames(definition.oneOf);
  const typed = definition.oneOf.map((each) => {
    const own = Object.keys(each.properties ?? {}).filter((name) => !shared.includes(name));
    const type = String(each.properties?.type?.const);
    const example = examples[type];
    const shown = example === undefined ? [] : [yamlText(example)];
    return [`### ${type}`, propertyTable(pick(each, own), definitions), ...shown].join("\n\n");
  });
  return [propertyTable(pick(definition.oneOf[0] ?? {}, shared), definitions), ...typed].join("\n\n");
}

/** The properties that all alternatives have alike. */
function sharedNames([first, ...others]: readonly JsonSchema[]): string[] {
  return Object.entries(first?.properties ?? {})
    .filter(([, property]) => property.const === undefined)
    .filter(([name, property]) =>
      others.every(({ properties }) => isDeepStrictEqual(properties?.[name], property)),
    )
    .map(([name]) => name);
}

/** What is refused, in the words in which it is. */
function refusedTable(): string {
  const rows = Object.entries(refusedExamples).map(([name, text]) => {
    const [issue] = readFlow(flowTextOf(text), taskTypes).issues;
    const [word = "", ...place] = name.split(" ");
    const said = [issue?.message, issue?.hint].filter((each) => each !== undefined).join(" ");
    return `| ${[code(word), ...place].join(" ")} | ${said} |`;
  });
  return ["| | |", "| --- | --- |", ...rows].join("\n");
}
