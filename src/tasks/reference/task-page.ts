import { flowableTypes } from "../../flow/flowable-types.ts";
import { isItemType } from "../../flow/for-each-item.ts";
import { flowExamples } from "../../flow/reference/flow-examples.ts";
import { toJsonSchema } from "../../flow/reference/json-schema.ts";
import { currentTypes } from "../../flow/type-aliases.ts";
import { presentNames } from "../../flow/type-names.ts";
import { taskTypes } from "../registry.ts";
import { CHARSETS } from "../serdes/charset/charset-name.ts";
import { definitions, pick } from "./definitions.ts";
import { page, yaml, yamlText } from "./markdown.ts";
import { outputTable, propertyTable } from "./property-table.ts";

/** The tasks that do something. */
export function taskPage(): string {
  const common = {
    type: "object",
    properties: Object.fromEntries(
      Object.entries(definitions)
        .filter(([name]) => name.startsWith("task."))
        .map(([name, part]) => [name.slice(5), part]),
    ),
    required: ["id"],
  };
  const parts = [...taskTypes.values()]
    .filter(({ type }) => !isItemType(type) && !flowableTypes.has(type))
    .toSorted((a, b) => (a.type < b.type ? -1 : 1))
    .map((type) => {
      const own = pick(definitions[type.type] ?? {}, Object.keys(type.properties.shape));
      const outputs = toJsonSchema(type.outputs);
      return [
        `## ${type.type.slice(type.type.lastIndexOf(".") + 1)}`,
        `\`${type.type}\``,
        type.description,
        propertyTable(own, definitions),
        Object.keys(outputs.properties ?? {}).length === 0 ? "It has no outputs." : outputTable(outputs),
        ...type.examples.map(
          ({ title }, index) =>
            `${title}:\n\n${yaml(((definitions[type.type]?.examples as unknown[]) ?? [])[index])}`,
        ),
      ].join("\n\n");
    });
  return page(
    "Tasks",
    "Every task takes:",
    propertyTable(common, definitions),
    yamlText(flowExamples.task),
    "A template may stand for any value of the properties below.",
    ...parts,
    "## Charsets",
    `Files are read and written in ${CHARSETS}`,
    "## Former names",
    "Flows may go on with the names that types once had:",
    formerNames(),
  );
}

/** The names that types once had, of tasks and blocks that run. */
function formerNames(): string {
  const all = [...presentNames, ...currentTypes].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const rows = all
    .filter(([, now]) => taskTypes.has(now) || flowableTypes.get(now)?.isLater === false)
    .map(([former, now]) => `| \`${former}\` | \`${now}\` |`);
  return ["| once | now |", "| --- | --- |", ...rows].join("\n");
}
