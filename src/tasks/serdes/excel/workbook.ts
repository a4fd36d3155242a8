import { zipEntries } from "../../compress/zip.ts";
import { TaskError } from "../../task-type.ts";
import { textChunks } from "../json/json-text.ts";
import { type XmlEvent, xmlEvents } from "../xml/xml-events.ts";
import { BUILT_IN } from "./number-format.ts";

/** What sheets share. */
export interface Workbook {
  sheets: { name: string; part: string }[];
  texts: string[];
  /** The number format of each style. */
  formats: string[];
  is1904: boolean;
}

/** Workbooks come from elsewhere; what they inflate to is limited. */
export const LIMITS = { entries: 20_000, bytes: 16 * 1024 ** 3 };
// The texts of a workbook are in memory, as its sheets refer to them.
const MOST_TEXT = 128 * 1024 * 1024;

/** Reads what the sheets of a workbook share. */
export async function readWorkbook(path: string): Promise<Workbook> {
  const workbook: Workbook = { sheets: [], texts: [], formats: [], is1904: false };
  const targets = new Map<string, string>();
  let found: { name: string; relation: string }[] | undefined;
  for await (const { name, content } of zipEntries(path, LIMITS)) {
    const events = () => xmlEvents(textChunks(content, "UTF-8"));
    if (name === "xl/workbook.xml") found = await readSheets(events(), workbook);
    else if (name === "xl/_rels/workbook.xml.rels") await readRelations(events(), targets);
    else if (name === "xl/sharedStrings.xml") await readTexts(events(), workbook.texts);
    else if (name === "xl/styles.xml") workbook.formats = await readFormats(events());
  }
  if (!found)
    throw new TaskError(
      "excel_invalid",
      "The file is not an Excel workbook (.xlsx): it has no xl/workbook.xml.",
    );
  for (const { name, relation } of found) {
    const target = targets.get(relation);
    if (target !== undefined) workbook.sheets.push({ name, part: partOf(target) });
  }
  return workbook;
}

function partOf(target: string): string {
  return target.startsWith("/") ? target.slice(1) : `xl/${target}`;
}

/** Names without their prefix, since writers differ in it. */
export function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

async function readSheets(batches: AsyncIterable<XmlEvent[]>, workbook: Workbook) {
  const sheets: { name: string; relation: string }[] = [];
  for await (const event of flat(batches)) {
    if (event.kind !== "open") continue;
    const name = localName(event.name);
    if (name === "workbookPr") workbook.is1904 = /^(1|true)$/.test(event.attributes.date1904 ?? "");
    if (name !== "sheet") continue;
    const relation = Object.entries(event.attributes).find(
      ([key]) => localName(key) === "id" && key !== "id",
    );
    sheets.push({ name: event.attributes.name ?? "", relation: relation?.[1] ?? "" });
  }
  return sheets;
}

async function readRelations(batches: AsyncIterable<XmlEvent[]>, targets: Map<string, string>) {
  for await (const event of flat(batches)) {
    if (event.kind !== "open" || localName(event.name) !== "Relationship") continue;
    targets.set(event.attributes.Id ?? "", event.attributes.Target ?? "");
  }
}

/** Runs of one text are joined; what says how it is pronounced is left out. */
async function readTexts(batches: AsyncIterable<XmlEvent[]>, texts: string[]) {
  const reader = textReader();
  let size = 0;
  for await (const event of flat(batches)) {
    const text = reader(event, "si");
    if (text === undefined) continue;
    size += text.length;
    if (size > MOST_TEXT)
      throw new TaskError(
        "excel_too_large",
        `The texts of the workbook have more than ${MOST_TEXT} characters.`,
      );
    texts.push(text);
  }
}

/** Gives the text of an element when it ends: what its `t` elements hold. */
export function textReader() {
  let text = "";
  let isText = false;
  let isPhonetic = false;
  return (event: XmlEvent, element: string): string | undefined => {
    if (event.kind === "text") {
      if (isText && !isPhonetic) text += event.text;
      return undefined;
    }
    const name = localName(event.name);
    const isOpen = event.kind === "open";
    if (name === "t") isText = isOpen;
    else if (name === "rPh") isPhonetic = isOpen;
    else if (name === element) {
      if (!isOpen) return unescaped(text);
      text = "";
    }
    return undefined;
  };
}

/** `_x000D_` stands for a character that XML does not take. */
export function unescaped(text: string): string {
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

async function readFormats(batches: AsyncIterable<XmlEvent[]>): Promise<string[]> {
  const own = new Map<string, string>();
  const formats: string[] = [];
  let isInCells = false;
  for await (const event of flat(batches)) {
    if (event.kind === "text") continue;
    const name = localName(event.name);
    if (name === "cellXfs") isInCells = event.kind === "open";
    if (event.kind !== "open") continue;
    const id = event.attributes.numFmtId ?? "0";
    if (name === "numFmt") own.set(id, event.attributes.formatCode ?? "General");
    if (name === "xf" && isInCells) formats.push(own.get(id) ?? BUILT_IN[Number(id)] ?? "General");
  }
  return formats;
}

async function* flat(batches: AsyncIterable<XmlEvent[]>): AsyncGenerator<XmlEvent> {
  for await (const events of batches) yield* events;
}
