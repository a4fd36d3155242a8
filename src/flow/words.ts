import { z } from "zod";
import { isTemplate } from "../expression/template.ts";
import { durationMs } from "./duration.ts";

/** The words in which the schemas of the flow language are written. */

/** Whether something to render stands anywhere in a value, keys of maps included. */
export function holdsTemplate(value: unknown): boolean {
  if (typeof value === "string") return isTemplate(value);
  if (Array.isArray(value)) return value.some(holdsTemplate);
  if (value === null || typeof value !== "object") return false;
  return Object.entries(value).some(([key, child]) => isTemplate(key) || holdsTemplate(child));
}

/** An id of a flow or an output. */
export function identifier(longest: number) {
  return idOf(longest, "^[a-zA-Z0-9][a-zA-Z0-9._-]*$", "letters, digits, `.`, `_` and `-`");
}

/** An id of a task or a trigger: a dot would part it from what it gives. */
export function taskIdentifier() {
  return idOf(256, "^[a-zA-Z0-9][a-zA-Z0-9_-]*$", "letters, digits, `_` and `-`");
}

function idOf(longest: number, pattern: string, letters: string) {
  const form = new RegExp(pattern);
  return z
    .string()
    .min(1)
    .max(longest)
    .refine((id) => id === "" || form.test(id), {
      error: `An id starts with a letter or a digit and goes on with ${letters}.`,
      params: { reason: "invalid_id" },
    })
    .meta({ pattern });
}

/** The texts that are a boolean: `true`, `false`, or a whole number, of which 0 is false. */
export const booleanText = /^\s*(true|false|0|[+-]?[1-9]\d*)\s*$/i;

/** What editors propose for a duration, and by what the reference knows that something is one. */
export const durationMeta = { examples: ["PT5M"] };

/** What tells a point in time from other text. */
export const timeMeta = { examples: ["2026-01-31T12:00:00Z"] };

/** A duration: ISO 8601 as in `PT30S`, or seconds. */
export function duration() {
  return z
    .union([z.string().meta({ pattern: iso }), z.number()])
    .refine((value) => durationMs(value) !== undefined, durationError)
    .meta(durationMeta);
}

/** A duration, or a template that gives one. */
export function renderedDuration() {
  return z
    .union([z.string().meta({ pattern: `${iso}|\\{[{%#]` }), z.number()])
    .refine((value) => holdsTemplate(value) || durationMs(value) !== undefined, durationError)
    .meta(durationMeta);
}

/** For editors; what is taken is said by `durationMs`. */
const iso =
  "^\\s*(?:\\d+(\\.\\d+)?|[-+]?[Pp]([-+]?\\d+[Dd])?([Tt]([-+]?\\d+[Hh])?([-+]?\\d+[Mm])?([-+]?\\d+([.,]\\d*)?[Ss])?)?)\\s*$";

const durationError = {
  error: ({ input }: { input?: unknown }) => `\`${input}\` is no duration.`,
  params: { reason: "invalid_duration", hint: "Write it as in `PT30S`, `PT15M` or `P1D`." },
};

/** How grave a log line is. */
export const logLevel = z.enum(["TRACE", "DEBUG", "INFO", "WARN", "ERROR"]);
