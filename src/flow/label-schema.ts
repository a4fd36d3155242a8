import { z } from "zod";

/** Whether a label of a flow can have this key. */
export function isLabelKey(key: string): boolean {
  return /^[\p{Ll}][\p{L}0-9._-]*$/u.test(key);
}

const labelKey = z
  .string()
  .refine(isLabelKey, {
    error:
      "The key of a label starts with a lower-case letter and goes on with letters, digits, `.`, `_` and `-`.",
    params: { reason: "invalid_label" },
  })
  .refine((key) => !key.startsWith("system."), {
    error: "Labels that start with `system.` are set by the system only.",
    params: { reason: "system_label" },
  });

const labelValue = z.union([z.string(), z.number(), z.boolean()]);

/** Labels: a map, or a list of `{key, value}`. */
export const labelsSchema = z.union([
  z.record(labelKey, labelValue),
  z.array(z.strictObject({ key: labelKey, value: labelValue })),
]);

/** Labels as a map of texts. Of two with the same key the last one holds. */
export function compileLabels(labels: z.infer<typeof labelsSchema> | undefined): Record<string, string> {
  const entries = Array.isArray(labels)
    ? labels.map(({ key, value }) => [key, String(value)] as const)
    : Object.entries(labels ?? {}).map(([key, value]) => [key, String(value)] as const);
  return Object.fromEntries(entries);
}
