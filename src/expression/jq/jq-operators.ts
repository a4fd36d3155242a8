import type { Node } from "./jq-syntax.ts";

/** How tightly operators bind, and which side groups: `l`eft, `r`ight, or none. */
export const OPERATORS: Readonly<Record<string, readonly [precedence: number, grouping: "l" | "r" | "n"]>> = {
  ",": [2, "l"],
  "//": [3, "r"],
  "=": [4, "n"],
  "|=": [4, "n"],
  "+=": [4, "n"],
  "-=": [4, "n"],
  "*=": [4, "n"],
  "/=": [4, "n"],
  "%=": [4, "n"],
  "//=": [4, "n"],
  or: [5, "l"],
  and: [6, "l"],
  "==": [7, "n"],
  "!=": [7, "n"],
  "<": [7, "n"],
  "<=": [7, "n"],
  ">": [7, "n"],
  ">=": [7, "n"],
  "+": [8, "l"],
  "-": [8, "l"],
  "*": [9, "l"],
  "/": [9, "l"],
  "%": [9, "l"],
};

/** The part of a program that an operator makes. */
export function operation(operator: string, left: Node, right: Node): Node {
  if (operator === ",") return { kind: "comma", left, right };
  if (operator === "//") return { kind: "alternative", left, right };
  if (operator === "and" || operator === "or") return { kind: operator, left, right };
  if (operator.endsWith("=") && !["==", "!=", "<=", ">="].includes(operator))
    return { kind: "assign", operator: operator.slice(0, -1), left, right };
  return { kind: "binary", operator, left, right };
}
