import { checkCall } from "./compile-call.ts";
import { callsIn } from "./constant-faults.ts";
import { ExpressionSyntaxError } from "./expression-error.ts";
import { parse } from "./parser.ts";
import type { Block } from "./syntax-tree.ts";

/** More than anybody reads of one template. */
const MOST_FAULTS = 20;

/** Everything that is wrong in a template that does not parse or calls what is not there, and not only the first of it. */
export function templateFaults(source: string): ExpressionSyntaxError[] {
  const found: ExpressionSyntaxError[] = [];
  let text = source;
  while (found.length < MOST_FAULTS) {
    try {
      found.push(...callFaults(parse(text)));
      break;
    } catch (error) {
      if (!(error instanceof ExpressionSyntaxError)) throw error;
      found.push(error);
      const rest = withoutExpression(text, error);
      if (rest === undefined) break;
      text = rest;
    }
  }
  return found.sort((one, other) => one.line - other.line || one.column - other.column).slice(0, MOST_FAULTS);
}

function callFaults(root: Block): ExpressionSyntaxError[] {
  const calls = callsIn(root);
  const macros = new Set(macrosIn(root));
  return calls.flatMap((call) => {
    try {
      checkCall(call, macros);
      return [];
    } catch (error) {
      if (error instanceof ExpressionSyntaxError) return [error];
      throw error;
    }
  });
}

function* macrosIn(block: Block): Generator<string> {
  for (const child of block.children) if (child.typename === "Macro") yield child.name.value;
}

/** The template with blanks in place of the `{{ … }}` that a fault lies in; undefined where it lies in a tag or in no expression. */
function withoutExpression(text: string, { line, column }: ExpressionSyntaxError): string | undefined {
  const lines = text.split("\n");
  const at = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
  const start = text.lastIndexOf("{{", at);
  const end = text.indexOf("}}", Math.max(start + 2, at));
  if (start < 0 || end < 0 || text.lastIndexOf("{%", at) > start) return undefined;
  return text.slice(0, start) + text.slice(start, end + 2).replace(/[^\n]/g, " ") + text.slice(end + 2);
}
