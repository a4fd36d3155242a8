import { keysOf, setKey } from "../../base/key-order.ts";
import { integerArgument, mapArgument, strictText, textArgument, wholeArgument } from "../arguments.ts";
import { charge, chargeText } from "../budget.ts";
import type { Filter, Filters } from "../callable.ts";
import { ExpressionError } from "../expression-error.ts";
import { inHashOrder, USUAL_CAPACITY } from "../java-map.ts";
import { linearRegex, splitText } from "../regex.ts";
import type { Run } from "../run.ts";
import { isEntry, isList, isMap, javaText, kindOf, type PlainMap } from "../values.ts";

type TextFilter = (text: string, args: readonly unknown[], run: Run) => unknown;

/** A filter of texts: null stays null, every other value is taken as it prints. */
function ofText(parameters: string[], required: number, apply: TextFilter): Filter {
  return {
    parameters,
    required,
    apply(input, args, run) {
      if (input === null || input === undefined) return null;
      const text = javaText(input, run.budget);
      chargeText(run.budget, text.length);
      return apply(text, args, run);
    },
  };
}

/** A filter that takes texts only: as in Kestra, a number has to become one first. */
function ofTextOnly(name: string, parameters: string[], required: number, apply: TextFilter): Filter {
  const filter = ofText(parameters, required, apply);
  return {
    ...filter,
    apply(input, args, run) {
      if (input !== null && input !== undefined && typeof input !== "string") throw notText(name, input);
      return filter.apply(input, args, run);
    },
  };
}

function notText(name: string, input: unknown): ExpressionError {
  return new ExpressionError(
    `The filter \`${name}\` needs a text, not ${kindOf(input)}; \`| string\` makes one of it.`,
  );
}

/** Null begins and ends with nothing, and has no answer. */
function asked(name: string, answer: (text: string, value: string) => boolean): Filter {
  const filter = ofText(["value"], 1, (text, [value], run) =>
    answer(text, textArgument(value, "value", run)),
  );
  return {
    ...filter,
    apply(input, args, run) {
      if (input === null || input === undefined) throw notText(name, input);
      return filter.apply(input, args, run);
    },
  };
}

/** One character as it begins a title: what has no such form that is one character stays as it is. */
function titleCase(character: string): string {
  // Georgian has capitals, but no titles.
  if (/[\u10d0-\u10ff]/.test(character)) return character;
  const digraph = ["Ǆǅǆ", "Ǉǈǉ", "Ǌǋǌ", "Ǳǲǳ"].find((forms) => forms.includes(character));
  const upper = digraph?.charAt(1) ?? character.toUpperCase();
  return upper.length === 1 ? upper : character;
}

export const textFilters: Filters = {
  upper: ofText([], 0, (text) => text.toUpperCase()),
  lower: ofText([], 0, (text) => text.toLowerCase()),
  trim: ofTextOnly("trim", [], 0, (text) => text.trim()),
  string: ofText([], 0, (text) => text),
  capitalize: ofTextOnly("capitalize", [], 0, (text) => text.replace(/\S/, titleCase)),
  title: ofTextOnly("title", [], 0, (text) =>
    text.replace(/\S+/g, (word) => titleCase(word.charAt(0)) + word.slice(1)),
  ),
  abbreviate: ofTextOnly("abbreviate", ["length"], 1, (text, [length]) =>
    abbreviate(text, wholeArgument(length, "length")),
  ),
  startsWith: asked("startsWith", (text, value) => text.startsWith(value)),
  endsWith: asked("endsWith", (text, value) => text.endsWith(value)),
  substringBefore: cut((text, separator) =>
    text.includes(separator) ? text.slice(0, text.indexOf(separator)) : text,
  ),
  substringBeforeLast: cut((text, separator) => {
    const at = separator === "" ? -1 : text.lastIndexOf(separator);
    return at < 0 ? text : text.slice(0, at);
  }),
  substringAfter: cut((text, separator) =>
    text.includes(separator) ? text.slice(text.indexOf(separator) + separator.length) : "",
  ),
  substringAfterLast: cut((text, separator) => {
    const at = separator === "" ? -1 : text.lastIndexOf(separator);
    return at < 0 ? "" : text.slice(at + separator.length);
  }),
  split: ofTextOnly("split", ["delimiter", "limit"], 1, (text, [delimiter, limit], run) => {
    const most = limit === null || limit === undefined ? 0 : integerArgument(limit, "limit");
    return splitText(text, textArgument(delimiter, "delimiter", run), most, run.budget);
  }),
  replace: {
    parameters: ["replace_pairs", "regexp"],
    required: 1,
    apply(input, [pairs, isRegex], run) {
      const replacements = Object.entries(mapArgument(pairs, "replace_pairs")).map(([wanted, value]) => {
        if (value === null) throw new ExpressionError(`The replacement of \`${wanted}\` is null.`);
        return [wanted, javaText(value, run.budget)] as const;
      });
      if (isRegex !== undefined && isRegex !== null && typeof isRegex !== "boolean")
        throw new ExpressionError("The argument `regexp` must be true or false.");
      return mapTexts(input, run, (text) => replaceAll(text, replacements, isRegex === true, run));
    },
  },
  escapeChar: {
    parameters: ["type"],
    required: 1,
    apply(input, [type], run) {
      const [wanted, escaped] = escapeOf(textArgument(type, "type", run));
      return mapTexts(input, run, (text) => replacePlain(text, wanted, escaped, run));
    },
  },
  nl2br: ofTextOnly("nl2br", [], 0, (text, _, run) =>
    replacePlain(text.replaceAll("\r\n", "\n"), "\n", "<br />", run),
  ),
  slugify: ofText([], 0, (text) => slugify(text)),
  indent: ofText(["amount", "prefix"], 1, (text, args, run) => indent(text, args, run, "")),
  nindent: ofText(["amount", "prefix"], 1, (text, args, run) => indent(text, args, run, lineBreakOf(text))),
};

/** A text that is found nowhere. */
const NO_SEPARATOR = "\u{10FFFF}\u{10FFFE}";

function cut(apply: (text: string, separator: string) => string): Filter {
  return ofText(["separator"], 1, (text, [separator]) =>
    // Without a separator there is nothing before or after it.
    apply(text, separator === null ? NO_SEPARATOR : strictText(separator, "separator")),
  );
}

function abbreviate(text: string, width: number): string {
  if (width < 0) throw new ExpressionError("The argument `length` must not be negative.");
  if (text.length < width || text.length <= 3) return text;
  return width <= 3 ? text.slice(0, width) : `${text.slice(0, width - 3)}...`;
}

/** Applies to a text, or to every text in a list or map; the other values become texts, as in Kestra. */
function mapTexts(input: unknown, run: Run, apply: (text: string) => string): unknown {
  charge(run.budget, 1);
  if (input === null || input === undefined) return null;
  if (isList(input)) return input.map((item) => mapTexts(item, run, apply));
  if (!isMap(input) || isEntry(input)) return apply(javaText(input, run.budget));
  const mapped: PlainMap = {};
  for (const key of keysOf(input)) setKey(mapped, key, mapTexts(input[key], run, apply));
  return inHashOrder(mapped, USUAL_CAPACITY);
}

function replaceAll(
  text: string,
  pairs: readonly (readonly [string, string])[],
  isRegex: boolean,
  run: Run,
): string {
  let replaced = text;
  for (const [wanted, value] of pairs) {
    if (isRegex) replaced = linearRegex(wanted, replaced, run.budget).replaceAll(value);
    else replaced = replacePlain(replaced, wanted, value, run);
  }
  return replaced;
}

function replacePlain(text: string, wanted: string, value: string, run: Run): string {
  // A short text may become a long one: count before it is made.
  const parts = text.split(wanted);
  chargeText(run.budget, text.length + (parts.length + 1) * value.length);
  charge(run.budget, parts.length >> 3);
  return text.replaceAll(wanted, () => value);
}

function escapeOf(type: string): readonly [string, string] {
  const kind = type.toLowerCase();
  if (kind === "single") return ["'", "\\'"];
  if (kind === "double") return ['"', '\\"'];
  if (kind === "shell") return ["'", "'\\''"];
  throw new ExpressionError("The argument `type` must be `single`, `double` or `shell`.");
}

function slugify(text: string): string {
  return text
    .replace(/\s/g, "-")
    .normalize("NFD")
    .replace(/[^\w-]/g, "")
    .replace(/[-_]+/g, "-")
    .replace(/^-|-$/g, "")
    .toLowerCase();
}

function indent(text: string, [amount, prefix]: readonly unknown[], run: Run, before: string): string {
  if (text === "") return "";
  const count = wholeArgument(amount, "amount");
  if (count < 0) throw new ExpressionError("The argument `amount` must not be negative.");
  const unit = prefix === undefined ? " " : textArgument(prefix, "prefix", run);
  chargeText(run.budget, unit.length * count);
  const lineBreak = lineBreakOf(text);
  return replacePlain(before + text, lineBreak, lineBreak + unit.repeat(count), run);
}

function lineBreakOf(text: string): string {
  return ["\r\n", "\n\r", "\n", "\r"].find((lineBreak) => text.includes(lineBreak)) ?? "\n";
}
