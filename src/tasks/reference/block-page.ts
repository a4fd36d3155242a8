import { flowableTypes } from "../../flow/flowable-types.ts";
import { blockOutputs } from "../../flow/reference/block-outputs.ts";
import { wordsOfBlock } from "../../flow/reference/language-schema.ts";
import { presentName } from "../../flow/type-names.ts";
import { definitions, pick } from "./definitions.ts";
import { code, page, yaml } from "./markdown.ts";
import { propertyTable } from "./property-table.ts";

/** The tasks that run others. */
export function blockPage(): string {
  const parts = [...flowableTypes].flatMap(([type, { properties, isLater }]) => {
    const words = wordsOfBlock(type);
    if (isLater || words === undefined || presentName(type) !== undefined) return [];
    const own = pick(definitions[type] ?? {}, Object.keys(properties.shape));
    const example = { id: "example", type, ...(parseExample(type) as object) };
    return [
      [
        `## ${type.slice(type.lastIndexOf(".") + 1)}`,
        `\`${type}\``,
        words.description,
        propertyTable(own, definitions),
        ...outputsOf(type.slice(type.lastIndexOf(".") + 1)),
        yaml(example),
        ...examplesOf(type.slice(type.lastIndexOf(".") + 1)),
      ].join("\n\n"),
    ];
  });
  return page(
    "Blocks",
    "Blocks take what every task takes ([Tasks](tasks.md)), without `taskCache`. Templates read what a block gives as `outputs.id.name`, as that of a task; " +
      "below, that of the examples, whose id is `example`. Its state is read as `tasks.id.state`.",
    ...parts,
  );
}

/** What a block gives; most of them leave that to the tasks in them. */
function outputsOf(name: string): string[] {
  const rows = Object.entries(blockOutputs[name]?.outputs ?? {}).map(
    ([output, [type, text]]) => `| \`${output}\` | ${type} | ${text} |`,
  );
  return rows.length === 0
    ? ["It has no outputs of its own."]
    : [["| output | type | |", "| --- | --- | --- |", ...rows].join("\n")];
}

function examplesOf(name: string): string[] {
  const examples = blockOutputs[name]?.examples ?? [];
  const shown = examples.map(([template, text]) => `${code(template)} gives ${code(text)}`);
  return shown.length === 0 ? [] : [`Behind it, ${shown.join(", ")}.`];
}

function parseExample(type: string): unknown {
  const {
    id: _,
    type: __,
    ...rest
  } = ((definitions[type]?.examples as unknown[]) ?? [])[0] as Record<string, unknown>;
  return rest;
}
