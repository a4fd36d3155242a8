import { chargeJoined, chargeText } from "./budget.ts";
import { ExpressionError } from "./expression-error.ts";
import { hashOf } from "./java-map.ts";
import { inside, integer, methods, outOfBounds, text } from "./method-table.ts";
import { linearRegex, matchesWhole, splitText } from "./regex.ts";

export const textMethods = methods<string>([
  ["length", [], (it) => it.length],
  ["isEmpty", [], (it) => it === ""],
  ["isBlank", [], (it) => it.trim() === ""],
  ["toString", [], (it) => it],
  ["hashCode", [], hashOf],
  ["toUpperCase", [], (it) => it.toUpperCase()],
  ["toLowerCase", [], (it) => it.toLowerCase()],
  ["trim", [], (it) => it.trim()],
  ["strip", [], (it) => it.trim()],
  ["stripLeading", [], (it) => it.trimStart()],
  ["stripTrailing", [], (it) => it.trimEnd()],
  ["startsWith", ["text"], (it, [start]) => it.startsWith(text(start))],
  ["startsWith", ["text", "integer"], (it, [start, at]) => startsAt(it, text(start), integer(at))],
  ["endsWith", ["text"], (it, [end]) => it.endsWith(text(end))],
  ["equalsIgnoreCase", ["text"], (it, [other]) => it.toLowerCase() === text(other).toLowerCase()],
  ["contentEquals", ["text"], (it, [other]) => it === other],
  ["compareTo", ["text"], (it, [other]) => order(it, text(other))],
  ["compareToIgnoreCase", ["text"], (it, [other]) => order(it.toLowerCase(), text(other).toLowerCase())],
  ["indexOf", ["text"], (it, [wanted]) => it.indexOf(text(wanted))],
  ["indexOf", ["text", "integer"], (it, [wanted, from]) => it.indexOf(text(wanted), integer(from))],
  ["lastIndexOf", ["text"], (it, [wanted]) => it.lastIndexOf(text(wanted))],
  ["lastIndexOf", ["text", "integer"], (it, [wanted, from]) => lastBefore(it, text(wanted), integer(from))],
  ["charAt", ["integer"], (it, [index]) => inside(it.charAt(integer(index)))],
  ["substring", ["integer"], (it, [from]) => part(it, integer(from), it.length)],
  ["substring", ["integer", "integer"], (it, [from, to]) => part(it, integer(from), integer(to))],
  ["subSequence", ["integer", "integer"], (it, [from, to]) => part(it, integer(from), integer(to))],
  [
    "repeat",
    ["integer"],
    (it, [count], budget) => {
      const times = integer(count);
      if (times < 0) throw new ExpressionError("A text is repeated at least 0 times.");
      chargeText(budget, it.length * times);
      return it.repeat(times);
    },
  ],
  [
    "concat",
    ["text"],
    (it, [other], budget) => {
      chargeJoined(budget, it.length, text(other).length);
      return it + text(other);
    },
  ],
  [
    "replace",
    ["text", "text"],
    (it, [wanted, value], budget) => {
      chargeText(budget, it.length + (it.split(text(wanted)).length + 1) * text(value).length);
      return it.replaceAll(text(wanted), () => text(value));
    },
  ],
  [
    "replaceAll",
    ["text", "text"],
    (it, [pattern, value], budget) => linearRegex(text(pattern), it, budget).replaceAll(text(value)),
  ],
  [
    "replaceFirst",
    ["text", "text"],
    (it, [pattern, value], budget) => linearRegex(text(pattern), it, budget).replaceFirst(text(value)),
  ],
  ["matches", ["text"], (it, [pattern], budget) => matchesWhole(text(pattern), it, budget)],
  ["split", ["text"], (it, [delimiter], budget) => splitText(it, text(delimiter), 0, budget)],
  [
    "split",
    ["text", "integer"],
    (it, [delimiter, limit], budget) => splitText(it, text(delimiter), integer(limit), budget),
  ],
]);

/** Methods that read no character of their text. */
export const unread: ReadonlySet<string> = new Set(["concat", "length", "isEmpty"]);

function startsAt(it: string, start: string, at: number): boolean {
  return at >= 0 && at + start.length <= it.length && it.startsWith(start, at);
}

function lastBefore(it: string, wanted: string, from: number): number {
  return from < 0 ? -1 : it.lastIndexOf(wanted, from);
}

/** As Java: how far apart the first characters are that differ, or how much longer one is. */
function order(left: string, right: string): number {
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const apart = left.charCodeAt(at) - right.charCodeAt(at);
    if (apart !== 0) return apart;
  }
  return left.length - right.length;
}

function part(value: string, from: number, to: number): string {
  if (from < 0 || to > value.length || from > to) throw outOfBounds();
  return value.slice(from, to);
}
