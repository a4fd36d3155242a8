import { z } from "zod";
import { type ZipPart, zipStream } from "../../compress/zip-stream.ts";
import { bool, text } from "../../property.ts";
import { defineTaskType, type TaskContext } from "../../task-type.ts";
import { convertedOutputs, encoded, measureRecords, rowBatches } from "../convert-file.ts";
import { timeZoneId } from "../time-zone.ts";
import { escapeAttribute } from "../xml/xml-events.ts";
import { type SheetSource, sheetSources } from "./sheet-sources.ts";
import { sheetXml } from "./sheet-xml.ts";

const properties = z.strictObject({
  from: z
    .union(
      [z.string(), z.record(z.string(), z.string())],
      "Invalid variable: 'from': expected the URI of a stored file, or a map of sheets to URIs",
    )
    .meta({
      description:
        "The URI of the Ion file, a map of the names of sheets to such URIs, or the rows themselves: a list of maps, or one map, as JSON text.",
    }),
  sheetsTitle: text()
    .default("Sheet")
    .meta({ description: "The name of the sheet, where `from` is one URI." }),
  header: bool()
    .default(true)
    .meta({ description: "Whether the names of the first record become the first row." }),
  styles: bool()
    .default(true)
    .meta({ description: "Whether dates are shown as such. Otherwise they are Excel's numbers." }),
  dateFormat: text().default("yyyy-MM-dd").meta({ description: "How Excel shows dates." }),
  timeFormat: text()
    .default("HH:mm:ss[XXX]")
    .meta({ description: "Taken and without effect, as in Kestra." }),
  dateTimeFormat: text()
    .default("yyyy-MM-dd'T'HH:mm:ss.SSS[XXX]")
    .meta({ description: "Taken and without effect, as in Kestra." }),
  timeZoneId: timeZoneId("The time zone in which a timestamp has its day."),
  charset: text()
    .default("UTF-8")
    .meta({ description: "Taken and without effect: a workbook is always UTF-8." }),
});

type Properties = z.output<typeof properties>;

/** `io.kestra.plugin.serdes.excel.IonToExcel` */
export const ionToExcel = defineTaskType({
  type: "io.kestra.plugin.serdes.excel.IonToExcel",
  title: "Convert Ion to Excel",
  description:
    "Writes Ion files as the sheets of an Excel workbook (.xlsx). Numbers, booleans and days are what they are in Excel, " +
    "everything else is text; a text that begins with `Formula:` becomes a formula. Rows stream through.",
  properties,
  outputs: convertedOutputs("workbook"),
  isHeavy: true,
  examples: [
    { title: "Write rows that are at hand", yaml: 'from: "{{ outputs.query.rows }}"' },
    { title: "Write one sheet", yaml: 'from: "{{ outputs.query.uri }}"\nsheetsTitle: Rides' },
    {
      title: "Write two sheets",
      yaml: 'from:\n  Rides: "{{ outputs.rides.uri }}"\n  Stations: "{{ outputs.stations.uri }}"',
    },
  ],
  async run({ properties, context }) {
    const sheets = sheetSources(properties.from, properties.sheetsTitle);
    const counter = { records: 0 };
    const file = { ...context.place, name: "workbook.xlsx" };
    const { uri } = await context.storage.put(
      file,
      workbook(sheets, properties, counter, context),
      context.signal,
    );
    measureRecords(context, counter.records);
    return { outputs: { uri, size: counter.records } };
  },
});

function workbook(
  sheets: SheetSource[],
  properties: Properties,
  counter: { records: number },
  { storage, signal }: TaskContext,
): AsyncIterable<Uint8Array> {
  const parts = Object.entries(fixedParts(sheets, properties)).map(
    ([name, xml]): ZipPart => ({ name, content: Buffer.from(xml) }),
  );
  const rows = sheets.map(({ from }, index): ZipPart => {
    const batches = () => (typeof from === "string" ? rowBatches(storage.get(from, signal)) : [from]);
    const content = () => encoded(sheetXml(batches(), properties, counter));
    return { name: `xl/worksheets/sheet${index + 1}.xml`, content };
  });
  return zipStream([...parts, ...rows]);
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml";

function fixedParts(sheets: SheetSource[], { dateFormat }: Properties): Record<string, string> {
  const numbers = sheets.map((_, index) => index + 1);
  const types = numbers.map(
    (n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${TYPE}.worksheet+xml"/>`,
  );
  const entries = sheets.map(
    ({ name }, index) =>
      `<sheet name="${escapeAttribute(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  );
  const relations = numbers.map(
    (n) => `<Relationship Id="rId${n}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${n}.xml"/>`,
  );
  const styles = `<Relationship Id="rId${sheets.length + 1}" Type="${OFFICE}/styles" Target="styles.xml"/>`;
  const plain =
    '<fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>';
  return {
    "[Content_Types].xml": `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/>${types.join("")}</Types>`,
    "_rels/.rels": `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${entries.join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${relations.join("")}${styles}</Relationships>`,
    "xl/styles.xml": `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="${escapeAttribute(dateFormat)}"/></numFmts>${plain}<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>`,
  };
}
