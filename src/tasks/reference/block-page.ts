import { flowableTypes } from "../../flow/flowable-types.ts";
import { wordsOfBlock } from "../../flow/reference/language-schema.ts";
import { presentName } from "../../flow/type-names.ts";
import { definitions, pick } from "./definitions.ts";
import { page, yaml } from "./markdown.ts";
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
        yaml(example),
      ].join("\n\n"),
    ];
  });
  return page(
    "Blocks",
    "Blocks take what every task takes ([Tasks](tasks.md)), without `taskCache`.",
    ...parts,
  );
}

function parseExample(type: string): unknown {
  const {
    id: _,
    type: __,
    ...rest
  } = ((definitions[type]?.examples as unknown[]) ?? [])[0] as Record<string, unknown>;
  return rest;
}
