import { entriesOf } from "../../../base/key-order.ts";
import { type TaskError, unfit } from "../../task-type.ts";
import { whatCame } from "../../what-came.ts";
import { isStruct } from "../avro/java-text.ts";
import type { IonRow } from "../ion/ion-rows.ts";
import { parseJson } from "../json/parse-json.ts";

/** A sheet to write: its name, and the URI of its file or its rows themselves. */
export interface SheetSource {
  name: string;
  from: string | IonRow[];
}

/** The sheets that `from` means: one file, a map of names to files, or rows that are written out as JSON. */
export function sheetSources(from: string | Record<string, string>, title: string): SheetSource[] {
  const sheets = typeof from === "string" ? ofText(from.trim(), title) : ofMap(from);
  const seen = new Set<string>();
  for (const { name, from } of sheets) {
    if (typeof from === "string" && !from.startsWith("kestra:///"))
      throw unfitFrom(`${JSON.stringify(from)} is not the URI of a stored file`);
    const isFit = name.length > 0 && name.length <= 31 && !/[[\]:*?/\\]|^'|'$/.test(name);
    if (!isFit)
      throw unfitFrom(
        `${JSON.stringify(name)} cannot be the name of a sheet: 1 to 31 characters, none of []:*?/\\`,
      );
    if (seen.has(name.toLowerCase())) throw unfitFrom(`there are two sheets named ${name}`);
    seen.add(name.toLowerCase());
  }
  if (sheets.length === 0) throw unfitFrom("a workbook needs a sheet");
  return sheets;
}

function ofMap(map: Readonly<Record<string, unknown>>): SheetSource[] {
  return entriesOf(map).map(([name, from]) => ({ name, from: String(from) }));
}

/** A template gives a map as text; one that names no files is a row. */
function ofText(text: string, title: string): SheetSource[] {
  if (!/^[[{]/.test(text)) return [{ name: title, from: text }];
  const value = parsed(text);
  if (isStruct(value) && Object.values(value).every(isFile)) return ofMap(value);
  const rows = [value].flat();
  if (!rows.every((row) => isStruct(row))) throw unfitFrom("rows that are written out must be maps");
  return [{ name: title, from: rows.map((row, index) => ({ line: index + 1, value: row })) }];
}

function isFile(value: unknown): boolean {
  return typeof value === "string" && value.startsWith("kestra:///");
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw unfitFrom(`Expected JSON; ${whatCame(text)}`, cause);
  }
}

function unfitFrom(problem: string, cause?: unknown): TaskError {
  return unfit(`\`from\`: ${problem}`, { cause });
}
