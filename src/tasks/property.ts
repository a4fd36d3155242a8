/**
 * The words in which task types describe their properties. A template gives text where a flow means a number, and
 * a native value where it means text, so each word takes both, as Kestra does. Input schemas stay plain
 * (no preprocessing), so that JSON Schema for editors can be derived from them.
 */
import { ZonedDateTime } from "@js-joda/core";
import { z } from "zod";
import { readJson } from "../base/json.ts";
import { doubleText } from "../base/whole-float.ts";
import { booleanText, durationMeta, timeMeta } from "../flow/words.ts";
import { EXECUTION_STATES } from "./task-engine.ts";
import "@js-joda/timezone";

/** Text; a number or a boolean is written out, a float as Java does it. */
export function text() {
  return z.union([z.string(), z.number(), z.boolean()], "Expected text").transform(writtenOut);
}

function writtenOut(value: string | number | boolean): string {
  return typeof value === "number" && !Number.isInteger(value) ? doubleText(value) : String(value);
}

/** A boolean, or the text `true` or `false`; of whole numbers, 0 is false. */
export function bool() {
  return z
    .union([z.boolean(), z.int(), written("boolean", booleanText, TRUE_OR_FALSE)], TRUE_OR_FALSE)
    .transform(isTrue);
}

function isTrue(value: boolean | number | string): boolean {
  if (typeof value !== "string") return Boolean(value);
  return !["false", "0"].includes(value.trim().toLowerCase());
}

/** A whole number, or one written as text. */
export function int(limits: { min?: number; max?: number } = {}) {
  return z
    .union([z.number(), written("integer", /^\s*[+-]?\d{1,16}\s*$/, WHOLE)], WHOLE)
    .transform(Number)
    .pipe(limited(z.int(WHOLE), limits));
}

/** A number, or one written as text. */
export function number(limits: { min?: number; max?: number } = {}) {
  return z
    .union([z.number(), written("number", /^\s*[+-]?(\d+(?:\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i, NUMBER)], NUMBER)
    .transform(Number)
    .pipe(limited(z.number(NUMBER), limits));
}

function limited(number: z.ZodNumber, { min, max }: { min?: number; max?: number }) {
  const bounded = min === undefined ? number : number.min(min, `Expected at least ${min}`);
  return max === undefined ? bounded : bounded.max(max, `Expected at most ${max}`);
}

/** One of a few words, spelled exactly. `refused` says for words that Kestra knows and we do not what is possible. */
export function oneOf<const W extends string>(
  words: readonly W[],
  refused?: { words: readonly string[]; why: string },
) {
  return z.enum(words, {
    error: ({ input }) =>
      refused?.words.includes(String(input))
        ? `${input} is not supported: ${refused.why}`
        : `Expected one of ${words.join(", ")}`,
  });
}

/** A list, or one written as JSON. */
export function list<T extends z.ZodType>(item: T) {
  return z.union([z.array(item), jsonText().pipe(z.array(item))], { error: inside("Expected a list") });
}

/** A map from text, or one written as JSON. */
export function map<T extends z.ZodType>(value: T) {
  const record = z.record(z.string(), value);
  return z.union([record, jsonText().pipe(record)], { error: inside("Expected a map") });
}

/** A duration as in `PT5M` or `P1DT2H`, or a number of seconds, also one written as text; it gives milliseconds. */
export function duration() {
  return z
    .union([z.number().min(0, LENGTH), written("duration", DURATION, LENGTH)], LENGTH)
    .meta(durationMeta)
    .transform((value) => (typeof value === "number" ? value * 1000 : durationMs(value)));
}

/** A point in time with its zone or offset, as in `2026-01-31T12:00:00Z`; it gives the same in UTC. */
export function zonedTime() {
  const expected = `Expected a date and time such as ${timeMeta.examples[0]}`;
  return z
    .string(expected)
    .meta(timeMeta)
    .transform((value, context) => {
      try {
        return ZonedDateTime.parse(value.trim()).toInstant().toString();
      } catch {
        context.addIssue({ code: "custom", message: expected });
        return z.NEVER;
      }
    });
}

/** States of executions. */
export function executionStates() {
  return list(oneOf(EXECUTION_STATES));
}

/** The URI of a file that another task stored. */
export function fileUri() {
  return z
    .string("Expected the URI of a stored file")
    .trim()
    .regex(/^kestra:\/\/\//, "Expected the URI of a stored file, such as kestra:///company/team/…");
}

/** What is written as a text, in words of our own where it is not. */
function written(format: string, form: RegExp, expected: string) {
  return z.stringFormat(format, form, { error: expected });
}

const TRUE_OR_FALSE = "Expected true or false";
const WHOLE = "Expected a whole number";
const NUMBER = "Expected a number";
const LENGTH = "Expected a duration such as PT5M";

// Days, hours, minutes and seconds: what java.time.Duration takes; months and years have no fixed length.
const DURATION =
  /^\s*(?:\d+(?:\.\d+)?|P(?!\s*$)(?:\d+D)?(?:T(?=\d|\.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?)\s*$/i;

function durationMs(value: string): number {
  if (!/P/i.test(value)) return Math.round(Number(value) * 1000);
  const parts = /P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?/i.exec(value);
  const [days, hours, minutes, seconds] = (parts ?? []).slice(1).map((part) => Number(part ?? 0));
  return Math.round(
    (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000 + (seconds ?? 0) * 1000,
  );
}

/** Says of a union what is wrong inside it, where the outside is right. */
function inside(message: string) {
  return (issue: z.core.$ZodRawIssue) => {
    if (issue.code !== "invalid_union") return message;
    const inner = issue.errors.flat().find(({ path }) => path.length > 0);
    return inner ? `at ${inner.path.join(".")}: ${inner.message}` : message;
  };
}

function jsonText() {
  return z.string().transform((value, context) => {
    try {
      return readJson(value);
    } catch {
      context.addIssue({ code: "custom", message: "Expected JSON" });
      return z.NEVER;
    }
  });
}
