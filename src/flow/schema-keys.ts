import { z } from "zod";

/** The names of the properties that a schema knows at a place of a value, for hints. */
export function keysKnownAt(schema: z.ZodType, value: unknown, path: readonly PropertyKey[]): string[] {
  const [step, ...rest] = path;
  const found: string[] = [];
  for (const object of alternatives(schema, value)) {
    if (step === undefined) {
      if (object instanceof z.ZodObject) found.push(...Object.keys(object.shape));
      continue;
    }
    const child = childOf(object, step);
    const inner =
      value !== null && typeof value === "object" ? (value as Record<PropertyKey, unknown>)[step] : undefined;
    if (child !== undefined) found.push(...keysKnownAt(child, inner, rest));
  }
  return found;
}

const wrappers = [z.ZodOptional, z.ZodNullable, z.ZodDefault, z.ZodPrefault, z.ZodReadonly, z.ZodLazy];

/**
 * The schema without its wrappers; several where it is a union, unless the value says which. One of lists is none for a map, nor one of
 * maps for a list.
 */
export function alternatives(schema: unknown, value: unknown): unknown[] {
  if (wrappers.some((wrapper) => schema instanceof wrapper)) {
    return alternatives((schema as z.ZodOptional).unwrap(), value);
  }
  if (schema instanceof z.ZodPipe) return alternatives(schema.in, value);
  if (schema instanceof z.ZodUnion) {
    const options = schema.options.flatMap((option) => alternatives(option, value));
    if (!(schema instanceof z.ZodDiscriminatedUnion)) return options;
    const meant = options.filter((option) => isMeant(option, schema, value));
    return meant.length > 0 ? meant : options;
  }
  return isOfKind(schema, value) ? [schema] : [];
}

function isOfKind(schema: unknown, value: unknown): boolean {
  if (Array.isArray(value)) return !(schema instanceof z.ZodObject || schema instanceof z.ZodRecord);
  return typeof value !== "object" || value === null || !(schema instanceof z.ZodArray);
}

function isMeant(option: unknown, union: z.ZodDiscriminatedUnion, value: unknown): boolean {
  const key = union._zod.def.discriminator;
  if (!(option instanceof z.ZodObject) || value === null || typeof value !== "object") return false;
  const schema = option.shape[key] as z.ZodType | undefined;
  return schema?.safeParse((value as Record<string, unknown>)[key]).success === true;
}

/** The schema of what stands in a list or a map. */
export function childOf(schema: unknown, step: PropertyKey): z.ZodType | undefined {
  if (schema instanceof z.ZodObject)
    return Object.hasOwn(schema.shape, step) ? (schema.shape[String(step)] as z.ZodType) : undefined;
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  return undefined;
}

/** Whether a schema takes text, and neither lists nor maps. */
export function takesTextOnly(schema: z.ZodType): boolean {
  return (
    !takesStructures(schema) && alternatives(schema, undefined).some((each) => each instanceof z.ZodString)
  );
}

/** Whether a schema takes lists, maps, or anything. */
export function takesStructures(schema: z.ZodType): boolean {
  const found = alternatives(schema, undefined);
  return structures.some((kind) => found.some((each) => each instanceof kind));
}

/** Whether a schema reads text as the JSON of a list or map. */
export function takesJsonText(schema: unknown): boolean {
  if (wrappers.some((wrapper) => schema instanceof wrapper))
    return takesJsonText((schema as z.ZodOptional).unwrap());
  if (schema instanceof z.ZodUnion) return schema.options.some(takesJsonText);
  if (!(schema instanceof z.ZodPipe)) return false;
  return schema.out instanceof z.ZodArray || schema.out instanceof z.ZodRecord || takesJsonText(schema.in);
}

const structures = [z.ZodArray, z.ZodRecord, z.ZodObject, z.ZodUnknown, z.ZodAny];

/** Whether a schema takes what stands at a place of a value for text, even where it looks like something else. */
export function wantsText(schema: z.ZodType, value: unknown, path: readonly PropertyKey[]): boolean {
  const [step, ...rest] = path;
  return alternatives(schema, value).some((found) => {
    if (step === undefined)
      return (
        (found instanceof z.ZodString && !(found instanceof z.ZodStringFormat)) || found instanceof z.ZodEnum
      );
    const child = childOf(found, step);
    const inner =
      value !== null && typeof value === "object" ? (value as Record<PropertyKey, unknown>)[step] : undefined;
    return child !== undefined && wantsText(child, inner, rest);
  });
}
