import { type Document, isMap, isPair, isScalar, isSeq, parseAllDocuments } from "yaml";
import { setKey } from "../base/key-order.ts";
import { YamlFault, type YamlMaking, yamlOptions, yamlValue } from "../base/yaml-value.ts";
import { type Budget, charge, newBudget } from "./budget.ts";
import { floatOf } from "./numbers.ts";
import { nativeOf, type PlainMap } from "./values.ts";

/** Numbers are those of templates. */
const making: YamlMaking = {
  integer: (value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value),
  float: floatOf,
  map(entries) {
    const map: PlainMap = {};
    for (const [key, value] of entries) setKey(map, key, value);
    return map;
  },
};

/** What the budget allows, said in words that fit where no expression is. */
const LONGEST_VALUE = 48_000;

/** A value in YAML, as Kestra reads it; of several documents the first. Throws what tells why it is none. */
export function parseYaml(text: string, budget: Budget, { keepsWritten = false } = {}): unknown {
  // The parser takes quadratic time for some texts: fifty thousand characters are the most that the budget allows.
  charge(budget, text.length + (text.length / 50) ** 2);
  const [document] = parseAllDocuments(text, {
    ...yamlOptions,
    prettyErrors: true,
    logLevel: "error",
  }) as Document[];
  if (document === undefined || document.contents === null) throw new YamlFault("there is nothing in it");
  const [error] = document.errors;
  if (error !== undefined) throw error;
  endWhereTextEnds(document.contents, text);
  return yamlValue(document.contents, { ...making, keepsWritten });
}

/** A block text (`|`, `>`) whose last line has no line break has none either: the parser adds one. */
function endWhereTextEnds(contents: unknown, text: string): void {
  if (!/[^\s][^\n]*$/.test(text.slice(text.lastIndexOf("\n") + 1))) return;
  let last = contents;
  while (isMap(last) || isSeq(last)) {
    const item: unknown = last.items.at(-1);
    last = isPair(item) ? item.value : item;
  }
  if (!isScalar(last) || !(last.type === "BLOCK_LITERAL" || last.type === "BLOCK_FOLDED")) return;
  const isAtEnd = (last.range?.[1] ?? 0) >= text.length;
  if (isAtEnd && typeof last.value === "string") last.value = last.value.replace(/\n$/, "");
}

/** A value in YAML as plain JSON, for what lies outside of templates; `on` and `1.10` may stay as they are written. */
export function readYamlText(text: string, options: { keepsWritten?: boolean } = {}): unknown {
  if (text.length > LONGEST_VALUE) throw new YamlFault(`it is longer than ${LONGEST_VALUE} characters`);
  const budget = newBudget();
  return nativeOf(parseYaml(text, budget, options), budget);
}

/** Why a text cannot be read, in one line: the parser's message goes on with an excerpt. */
export function readingFault(error: unknown): string {
  const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return reason.replace(/:\s*$/, "");
}
