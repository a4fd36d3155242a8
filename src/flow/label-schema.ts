import { z } from "zod";

/** Whether a label of a flow can have this key. */
export function isLabelKey(key: string): boolean {
  return /^[\p{Ll}][\p{L}0-9._-]*$/u.test(key);
}

/** The only label of the system that a flow may have: it says that people should not change it. Executions do not get it. */
const readOnly = "system.readOnly";

const labelKey = z.string().refine(isLabelKey, {
  error:
    "The key of a label starts with a lower-case letter and goes on with letters, digits, `.`, `_` and `-`.",
  params: { reason: "invalid_label" },
});

function ownKey(but?: typeof readOnly) {
  return labelKey
    .refine((key) => !key.startsWith("system.") || key === but, {
      error: `Labels that start with \`system.\` are set by the system only${but === undefined ? "" : `, but for \`${but}\``}.`,
      params: { reason: "system_label" },
    })
    .meta({ pattern: `^(?!system\\.${but === undefined ? "" : "(?!readOnly$)"})\\p{Ll}[\\p{L}0-9._-]*$` });
}

const labelValue = z.union([z.string(), z.number(), z.boolean()]);

function labels(key: z.ZodString) {
  return z.union([z.record(key, labelValue), z.array(z.strictObject({ key, value: labelValue }))]);
}

/** Labels: a map, or a list of `{key, value}`. */
export const labelsSchema = labels(ownKey());

/** The labels of a flow. */
export const flowLabelsSchema = labels(ownKey(readOnly));

/** Labels for executions as a map of texts. Of two with the same key the last one holds. */
export function compileLabels(labels: z.infer<typeof labelsSchema> | undefined): Record<string, string> {
  const entries = Array.isArray(labels)
    ? labels.map(({ key, value }) => [key, String(value)] as const)
    : Object.entries(labels ?? {}).map(([key, value]) => [key, String(value)] as const);
  return Object.fromEntries(entries.filter(([key]) => key !== readOnly));
}
