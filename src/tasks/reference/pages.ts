import { blockPage } from "./block-page.ts";
import { expressionPage } from "./expression-page.ts";
import { flowPage } from "./flow-page.ts";
import { page } from "./markdown.ts";
import { taskPage } from "./task-page.ts";

/** The pages of the reference, by the names of their files. */
export function referencePages(): Record<string, string> {
  return {
    "README.md": indexPage(),
    "flows.md": flowPage(),
    "blocks.md": blockPage(),
    "tasks.md": taskPage(),
    "expressions.md": expressionPage(),
  };
}

function indexPage(): string {
  return page(
    "The flow language",
    "A flow is a YAML document. What it may say:",
    [
      "- [Flows](flows.md): the top of a flow, its inputs and outputs, retries and gates",
      "- [Blocks](blocks.md): tasks that run other tasks, or other flows",
      "- [Tasks](tasks.md): tasks that do something",
      "- [Expressions](expressions.md): what stands in `{{ … }}`",
    ].join("\n"),
    "The language is Kestra's. [What is refused](flows.md#what-is-refused) here, and what [is not available](expressions.md#not-available) in expressions, is told there; every example " +
      "of these pages is run, or at least checked, by a test.",
    "[`flow.schema.json`](flow.schema.json) says it to editors. A server gives the same at `/schemas/flow.json`, and `reprise schema " +
      "flow.schema.json` writes it to a file. In editors with a YAML language server, the first line of a flow says where it is:",
    "```yaml\n# yaml-language-server: $schema=flow.schema.json\n```",
    "`reprise flow validate` says what is wrong with a flow, with the line, the column and, where there is one, a suggestion; so do " +
      "`validateFlow` of the API, and saving. It needs no database; the flows that Subflows start are looked at where one is there (`--offline`: not).",
  );
}
