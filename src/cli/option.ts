import { InvalidArgumentError } from "commander";
import { z } from "zod";
import { readJson } from "../base/json.ts";
import type { LogLevel } from "../db/generated.ts";
import { durationMs } from "../flow/duration.ts";
import { usageError } from "./failure.ts";

/** A whole number, at least 1, from an option or an argument. */
export function positive(text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) < 1)
    throw new InvalidArgumentError("It must be a whole number from 1 on.");
  return Number(text);
}

/** A port, 0 for one that is free. */
export function port(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError("It must be a port.");
  return Number(text);
}

/** Collects an option that may be given several times. */
export function several(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

/** `key=value` pairs, of options given several times, as one object. */
export function pairs(name: string, given: readonly string[] = []): Record<string, string> {
  const entries = given.map((pair): [string, string] => {
    const at = pair.indexOf("=");
    if (at < 1) throw usageError(`--${name} \`${pair}\` is not key=value.`);
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
  return Object.fromEntries(entries);
}

/** Without a copy: a copy would lose the order of keys. */
const mapSchema = z.custom<Record<string, unknown>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
);

/** A JSON object from an option. */
export function jsonObject(name: string, text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  try {
    return mapSchema.parse(readJson(text));
  } catch {
    throw usageError(`--${name} is not a JSON object.`, `Write it like '{"key": "value"}'.`);
  }
}

const units: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** How long: `90s`, `15m`, `12h`, `30d`, `2w`, or ISO 8601 (`P30D`, `PT12H`), but no number alone: days may be meant. In milliseconds. */
export function ageMs(name: string, text: string): number {
  const [, count, unit = ""] = /^(\d{1,9})([smhdw])$/.exec(text) ?? [];
  const written = /^\s*\d/.test(text) ? undefined : durationMs(text);
  const ms = count === undefined ? written : Number(count) * (units[unit] ?? 0);
  if (ms !== undefined) return ms;
  throw usageError(`--${name} \`${text}\` is no duration.`, `Write it like ${durations}.`);
}

const durations = "90s, 15m, 12h, 30d, 2w, or P30D";

/** A point in time: a date, a time with a date, or how long ago. */
export function momentOf(name: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{4}-/.test(text)) return new Date(Date.now() - ageMs(name, text));
  const time = readTime(text);
  if (time !== undefined) return time;
  throw usageError(
    `--${name} \`${text}\` is no time.`,
    `Write it like 2026-01-31, 2026-01-31T08:00Z, or how long ago: ${durations}.`,
  );
}

/** A point in time: a date, or a time with a date. */
export function timeOf(name: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const time = readTime(text);
  if (time !== undefined) return time;
  throw usageError(`--${name} \`${text}\` is no time.`, "Write it like 2026-01-31 or 2026-01-31T08:00Z.");
}

function readTime(text: string): Date | undefined {
  const time = new Date(text);
  return /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(time.getTime()) ? time : undefined;
}

/** Levels of log lines, the least grave first. */
export const logLevels: readonly LogLevel[] = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"];

/** A level, in any case. */
export const logLevel = z
  .string()
  .transform((text) => text.toUpperCase())
  .pipe(z.enum(["TRACE", "DEBUG", "INFO", "WARN", "ERROR"], `It must be one of ${logLevels.join(", ")}.`));

const states = [
  "CREATED",
  "QUEUED",
  "RUNNING",
  "PAUSED",
  "RETRYING",
  "BREAKPOINT",
  "RESTARTED",
  "KILLING",
  "SUCCESS",
  "WARNING",
  "FAILED",
  "KILLED",
  "CANCELLED",
  "RETRIED",
] as const;

/** States of executions, in any case, from an option given several times or with commas. */
export const executionStates = z
  .array(z.string())
  .transform((given) => given.flatMap((text) => text.split(",")).map((text) => text.trim().toUpperCase()))
  .pipe(z.array(z.enum(states, `It must be one of ${states.join(", ")}.`)));
