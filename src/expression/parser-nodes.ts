import type { Token } from "nunjucks/src/lexer.js";
import nodes, { type Node, type NodeList } from "nunjucks/src/nodes.js";

// The nodes that Pebble has beside those of nunjucks; syntax-tree.ts says what is in them.

const node = (name: string, fields: string[]) => nodes.Node.extend(name, { fields });
export const Ternary = node("Ternary", ["condition", "whenTrue", "whenFalse"]);
export const Coalesce = node("Coalesce", ["operator", "left", "right"]);
export const Binary = node("Binary", ["operator", "left", "right"]);
export const Unary = node("Unary", ["operator", "target"]);
export const Test = node("Test", ["target", "name", "args", "isNegated"]);
export const Filter = node("Filter", ["name", "target", "args"]);
export const Pair = node("Pair", ["key", "value"]);
export const Raw = node("Raw", ["text"]);
export const FilterBlock = node("FilterBlock", ["filtered", "body"]);

export const TAGS = ["if", "for", "set", "macro", "raw", "verbatim", "filter"];
/** What an operand begins with. */
export const OPERANDS = [
  "string",
  "int",
  "float",
  "boolean",
  "none",
  "symbol",
  "left-paren",
  "left-bracket",
  "left-curly",
];
/** Tags that would read another template. */
export const LOADING_TAGS = ["include", "import", "from", "extends", "block", "embed"];

export const SMALLEST_LONG = -(2n ** 63n);
export const LARGEST_LONG = 2n ** 63n - 1n;

/** A message of nunjucks, which begins with the name of its function, as a sentence. */
export function sentenceOf(message: string): string {
  const sentence = message
    .replace(/^parse[A-Z]\w*: |^advanceAfterBlockEnd: /, "")
    .replace("expected variable end", "expected `}}`")
    .replace("expected = or block end in set tag", "write `{% set name = value %}`")
    .replace("expected elif, else, or endif", "expected `elseif`, `else` or `endif`")
    .replace(/^expected block end(?: in \w+ statement)?/, "expected `%}`")
    .replace(/[^.!?]$/, "$&.");
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** What stands where an expression has to end, as other languages write it, and how it is written here. */
export function slipOf(message: string, next: Token | null): string | undefined {
  if (!/^expected (variable end|`%\}`)/.test(message) || next === null) return undefined;
  if (next.type === "operator" && next.value === "=") return "`=` compares nothing: write `==`.";
  if (next.type !== "symbol") return undefined;
  if (next.value === "if") return "`if` is no operator: write `condition ? a : b`.";
  if (next.value === "in") return "`in` is no operator: write `isIn`.";
  return next.value === "not" ? "`not` stands before the whole: write `not (a isIn b)`." : undefined;
}

/** An argument without a name that stands behind one with a name. */
export function lateArgument({ children }: NodeList): Node | undefined {
  const last = children.at(-1) as (Node & { children?: Node[] }) | undefined;
  const [first] = last?.typename === "KeywordArgs" ? (last.children ?? []) : [];
  return first && children.slice(0, -1).find((other) => isBehind(other, first));
}

function isBehind(one: Node, other: Node): boolean {
  return one.lineno > other.lineno || (one.lineno === other.lineno && one.colno > other.colno);
}
