import { LOADING_TAGS } from "../../expression/parser-nodes.ts";
import {
  type Chapter,
  expressionChapters,
  refusedFunctions,
} from "../../expression/reference/all-entries.ts";
import { type Example, exampleContext, exampleFlow } from "../../expression/reference/entry.ts";
import { absentNames } from "../../flow/check-context.ts";
import { taskTypes } from "../registry.ts";
import { code, page, yaml, yamlText } from "./markdown.ts";

/** What stands in templates. */
export function expressionPage(): string {
  return page(
    "Expressions",
    "A text with `{{ … }}` or `{% … %}` is a template, rendered when the task begins. Where a property is nothing but one expression, it gets the value " +
      "itself, else text. Text it is in any case in " +
      `${textTypes()}, in \`outputs\` without a type or of the type STRING, and in the default of a STRING.`,
    "What is missing is an error, unless it is guarded: `inputs.x ?? 'none'`, `| default('none')`, `is defined`. `is null`, `is empty` and `== null` guard " +
      "nothing. A value that is a list or a map prints as JSON; behind `~` and `+`, and in most filters of texts, as Java writes it: `[3, 1]`, `{a=1}`.",
    "Whether a task or a block runs is asked of the text (`runIf`, `condition`): it does unless that is `false`, `0`, `-0` or blank. Conditions of inputs and of `checks` " +
      "have to give the boolean true. Within a template, `if`, `and`, `or` and `not` " +
      "take booleans, numbers (0 is false) and texts (only an empty one is).",
    ...expressionChapters().map(chapterText),
    "## Not available",
    "Kestra has these, and what uses them is refused, or warned of, when the flow is saved.",
    refusedTable(),
    "## What the examples read",
    yaml(exampleContext),
    "Examples marked with ▸ stand in a task behind these:",
    yamlText(exampleFlow),
  );
}

/** The tasks in which all templates become text. */
function textTypes(): string {
  const names = [...taskTypes.values()]
    .filter(({ isText }) => isText === true)
    .map(({ type }) => `\`${lastPart(type)}\``);
  return names.toSorted().join(", ");
}

function lastPart(type: string): string {
  return type.slice(type.lastIndexOf(".") + 1);
}

function chapterText({ title, text, entries }: Chapter): string {
  const hasRanks = entries.some(({ rank }) => rank !== undefined);
  const rows = entries.map(({ signature, summary, examples, inFlow = [], rank }) => {
    const shown = [...examples.map(shownExample), ...inFlow.map((each) => `▸ ${shownExample(each)}`)].join(
      "<br>",
    );
    const cells = [code(signature), summary.replaceAll("|", "\\|"), shown];
    return `| ${(hasRanks ? [String(rank), ...cells] : cells).join(" | ")} |`;
  });
  const columns = hasRanks ? 4 : 3;
  const head = [`|${" |".repeat(columns)}`, `|${" --- |".repeat(columns)}`];
  return [`## ${title}`, ...(text === undefined ? [] : [text]), [...head, ...rows].join("\n")].join("\n\n");
}

function shownExample([template, text]: Example): string {
  return `${code(template)} gives ${code(text)}`;
}

function refusedTable(): string {
  const calls = Object.entries(refusedFunctions).map(([name, why]) => [`${name}()`, sentence(why)]);
  const names = [...absentNames].map(([name, what]) => [name, what]);
  const tags = LOADING_TAGS.map((name) => [`{% ${name} %}`, "A template cannot load another one."]);
  const rows = [...calls, ...names, ...tags].map(([name = "", what]) => `| ${code(name)} | ${what} |`);
  return ["| | |", "| --- | --- |", ...rows].join("\n");
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
