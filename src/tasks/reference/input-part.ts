import { stringify } from "yaml";
import { flowExamples } from "../../flow/reference/flow-examples.ts";
import { inputExamples } from "../../flow/reference/input-examples.ts";
import { code, yamlText } from "./markdown.ts";

/** What is told of inputs: what they have in common, and each type with what it takes. `tables` are their properties. */
export function inputParts(tables: string): string[] {
  const [common = "", ...typed] = tables.split(/^### /m);
  return [
    "An input is told apart by its type. What is given is checked when an execution is created, wherever it comes from, and all that is wrong is told at once. " +
      "Values may also be given as text, as command lines do.",
    common.trim(),
    "An input that depends on others sees them; where they are not there, or the condition does not hold, it is not there either:",
    yamlText(flowExamples.inputs),
    ...typed.map((part) => typePart(part.trim())),
  ];
}

/** The title and the table of a type, with what it takes. */
function typePart(part: string): string {
  const [type = "", ...table] = part.split("\n");
  const known = inputExamples[type];
  if (known === undefined) throw new Error(`Nobody has said what an input of type ${type} takes.`);
  const { takes, example, given, refused = [] } = known;
  const rows = [
    ...given.map(([value, kept]) => `| ${code(value)} | ${code(kept)} |`),
    ...refused.map(([value, cause]) => `| ${code(value)} | refused: ${cause.replaceAll("|", "\\|")} |`),
  ];
  return [
    `### ${type}`,
    takes,
    table
      .join("\n")
      .trim()
      .replace(/^None\.$/, "It has no properties of its own."),
    yamlText(stringify([{ id: "example", type, ...example }], { lineWidth: 0 })),
    ["| given | read as |", "| --- | --- |", ...rows].join("\n"),
  ].join("\n\n");
}
