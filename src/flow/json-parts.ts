import type { z } from "zod";
import { readJson } from "../base/json.ts";
import { isTemplate } from "../expression/template.ts";
import { takesJsonText } from "./schema-keys.ts";

/**
 * What the JSON says that a property is written as, where a list or map is wanted and it holds templates: each part is rendered by itself
 * then. Undefined for what is rendered as a whole, as is JSON that is none before.
 */
export function jsonParts(schema: z.ZodType | undefined, value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*(?:\[|\{(?!\{))/.test(value) || !isTemplate(value)) return undefined;
  if (!takesJsonText(schema)) return undefined;
  try {
    return readJson(value);
  } catch {
    return undefined;
  }
}

/** A text in JSON that is a template, and where each of its characters is written. */
export interface JsonTemplate {
  text: string;
  offsets: readonly number[];
}

/** The templates in the text of some JSON, keys and values. */
export function jsonTemplates(json: string): JsonTemplate[] {
  return Array.from(json.matchAll(LITERAL), ({ 0: literal, index }) => ({
    text: JSON.parse(literal) as string,
    offsets: offsetsOf(literal, index),
  })).filter(({ text }) => isTemplate(text));
}

const LITERAL = /"(?:[^"\\]|\\.)*"/g;
const CHARACTER = /\\u[0-9a-f]{4}|\\?./gisy;

function offsetsOf(literal: string, start: number): number[] {
  const offsets: number[] = [];
  CHARACTER.lastIndex = 1;
  while (CHARACTER.lastIndex < literal.length) {
    offsets.push(start + CHARACTER.lastIndex);
    CHARACTER.exec(literal);
  }
  return offsets;
}
