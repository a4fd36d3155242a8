import { expressionChapters } from "../../expression/reference/all-entries.ts";
import { exampleContext } from "../../expression/reference/entry.ts";
import { nameEntries } from "../../expression/reference/language.ts";
import { code, page, yaml } from "./markdown.ts";

/** What stands in templates. */
export function expressionPage(): string {
  const names = Object.entries(nameEntries).map(([name, text]) => `| \`${name}\` | ${text} |`);
  const chapters = expressionChapters().map(({ title, entries }) => {
    const rows = entries.map(({ signature, summary, examples }) => {
      const shown = examples.map(([template, text]) => `${code(template)} gives ${code(text)}`).join("<br>");
      return `| ${code(signature)} | ${summary.replaceAll("|", "\\|")} | ${shown} |`;
    });
    return [`## ${title}`, ["| | | |", "| --- | --- | --- |", ...rows].join("\n")].join("\n\n");
  });
  return page(
    "Expressions",
    "A text with `{{ … }}` or `{% … %}` is a template. Where a property is nothing but one expression, it gets the value itself, else text. " +
      "What is missing is an error, unless it is guarded: `inputs.x ?? 'none'`, `| default('none')`, `is defined`.",
    "## Names",
    ["| | |", "| --- | --- |", ...names].join("\n"),
    ...chapters,
    "## What the examples read",
    yaml(exampleContext),
  );
}
