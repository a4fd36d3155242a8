import { readJson } from "../base/json.ts";
import { type Budget, charge, DEEPEST_VALUE } from "./budget.ts";

/** A value in JSON, as Java reads it: `1.0` stays a float, long numbers keep their digits, and what follows the value is left. */
export function parseJson(text: string, budget: Budget): unknown {
  charge(budget, Math.ceil(text.length / 8));
  checkDepth(text);
  try {
    return readJson(text);
  } catch (error) {
    const end = endOfValue(text);
    if (end === undefined || text.slice(end).trim() === "") throw error;
    return readJson(text.slice(0, end));
  }
}

/** Whether `parseJson` could read it; an empty text is nothing, which Kestra takes for JSON. */
export function isJsonText(text: string, budget: Budget): boolean {
  try {
    return text.trim() === "" || parseJson(text, budget) !== undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** The parser itself does not mind a million brackets, but whoever walks over the value does. */
function checkDepth(text: string): void {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 91 || code === 123) depth += 1;
    else if (code === 93 || code === 125) depth -= 1;
    else if (code === 34) at = endOfString(text, at);
    if (depth > DEEPEST_VALUE) throw new SyntaxError("The JSON is nested too deeply");
  }
}

/** Behind a number stands a blank, behind a word anything that does not go on with it. */
const SCALAR =
  /^[ \t\r\n]*(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?(?=[ \t\r\n])|(?:true|false|null)(?!\p{ID_Continue}))/u;

/** Where the first value of a text ends; undefined if it does not. */
function endOfValue(text: string): number | undefined {
  const start = text.search(/\S/);
  const first = text[start];
  if (first === '"') return endOfString(text, start) + 1;
  if (first !== "{" && first !== "[") {
    return SCALAR.exec(text)?.[0].length;
  }
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return undefined;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}
