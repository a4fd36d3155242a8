import { readJson } from "../../../base/json.ts";
import { valuesOf } from "../../../base/key-order.ts";
import type { State } from "./csv-state.ts";

/** What the row in progress holds so far, as it goes to `at`; the last field may still be open. */
export function fieldsSoFar(m: State, at: number, isOpen: boolean): (string | null)[] {
  // A field beyond the columns has nothing in front of it, so it is no part of the record.
  const isExtra = m.prefixes.length > 0 && m.field >= m.prefixes.length;
  const raw = (from: number, to: number) => m.out.toString("utf8", from, to);
  const record = raw(m.rowStart, isOpen && isExtra ? m.fieldStart : at) + (isOpen && !isExtra ? '"' : "");
  const fields = readJson(record + (m.prefixes.length > 0 ? "}" : "]"));
  const values = Array.isArray(fields) ? shownOf(m, fields) : valuesOf(fields as Record<string, unknown>);
  const open = isOpen && isExtra ? [JSON.parse(`"${raw(m.fieldStart, at)}"`)] : [];
  return [...values, ...m.extra, ...open] as (string | null)[];
}

/** Where names collide, columns that are dropped are written until the row is whole. */
function shownOf({ columns }: State, fields: unknown[]): unknown[] {
  if (columns === undefined) return fields;
  return fields.filter((_, index) => index < columns.kept.length || index >= columns.expected);
}

/** Keeps a field that no column has, in case somebody asks what the row held. */
export function keepExtra(m: State) {
  const field: string = JSON.parse(`"${m.out.toString("utf8", m.fieldStart, m.at)}"`);
  m.extra.push(field === "\\N" ? null : field);
}

// As much as shows what is wrong, and no more of the data.
const MOST_FIELDS = 12;
const LONGEST_FIELD = 40;

/** Fields for a message: a few, and their beginnings. */
export function shortened(fields: readonly (string | null)[]): (string | null)[] {
  const shown = fields.slice(0, MOST_FIELDS).map((field) => {
    const characters = Array.from(field?.slice(0, 2 * LONGEST_FIELD + 2) ?? "");
    const isLong = characters.length > LONGEST_FIELD;
    return field === null || !isLong ? field : `${characters.slice(0, LONGEST_FIELD).join("")}…`;
  });
  return fields.length > shown.length ? [...shown, "…"] : shown;
}
