import { z } from "zod";
import { shorten } from "../../../base/shorten.ts";
import { fileUri, text } from "../../property.ts";
import { defineTaskType, TaskError } from "../../task-type.ts";
import { isStruct } from "../avro/java-text.ts";
import { encoderOf, outputCharset } from "../charset/encode-text.ts";
import { type Counter, convertedOutputs, convertFile, encoded, rowBatches } from "../convert-file.ts";
import { Decimal } from "../ion/ion-value.ts";
import { jsonWriter } from "../json/json-value.ts";
import { timeZoneId } from "../time-zone.ts";
import { escapeXml } from "./xml-events.ts";

const NAME = /^[\p{L}_][\p{L}\p{N}\p{M}_.:-]*$/u;

/** `io.kestra.plugin.serdes.xml.IonToXml` */
export const ionToXml = defineTaskType({
  type: "io.kestra.plugin.serdes.xml.IonToXml",
  title: "Convert Ion to XML",
  description:
    "Writes each row of an Ion file as an element `item`, with an element for each entry; lists repeat theirs. A name " +
    "that XML does not take is refused. Rows stream through.",
  properties: z.strictObject({
    from: fileUri().meta({ description: "The URI of the Ion file." }),
    charset: outputCharset(),
    rootName: text()
      .pipe(z.string().regex(NAME, "Expected a name of XML"))
      .default("items")
      .meta({ description: "The name of the element around all rows." }),
    timeZoneId: timeZoneId("The time zone in which timestamps that have a zone are written."),
  }),
  outputs: convertedOutputs("XML file"),
  isHeavy: true,
  examples: [{ title: "Write a file of rides", yaml: 'from: "{{ outputs.query.uri }}"\nrootName: rides' }],
  async run({ properties, context }) {
    return convertFile(context, properties.from, "xml", (source, counter) =>
      encoded(xml(rowBatches(source), properties, counter), encoderOf(properties.charset)),
    );
  },
});

async function* xml(
  batches: ReturnType<typeof rowBatches>,
  { rootName, charset, timeZoneId }: { rootName: string; charset: string; timeZoneId: string },
  counter: Counter,
): AsyncGenerator<string> {
  const write = elementWriter(timeZoneId);
  yield `<?xml version='1.0' encoding='${charset.toUpperCase()}'?>\n`;
  let isEmpty = true;
  for await (const rows of batches) {
    let text = isEmpty && rows.length > 0 ? `<${rootName}>\n` : "";
    isEmpty &&= rows.length === 0;
    for (const { value } of rows) {
      counter.records++;
      text += write("item", value, "  ");
    }
    yield text;
  }
  yield isEmpty ? `<${rootName}/>\n` : `</${rootName}>\n`;
}

function elementWriter(timeZoneId: string) {
  const toJson = jsonWriter(timeZoneId);
  return write;

  function write(name: string, value: unknown, indent: string): string {
    if (Array.isArray(value)) return value.map((item) => write(name, item, indent)).join("");
    if (!NAME.test(name)) {
      throw new TaskError("xml_name", `${JSON.stringify(name)} cannot be the name of an XML element.`);
    }
    if (value === null || value === undefined) return `${indent}<${name}/>\n`;
    if (!isStruct(value)) return `${indent}<${name}>${escapeXml(textOf(value))}</${name}>\n`;
    const inside = Object.entries(value).map(([key, item]) => write(key, item, `${indent}  `));
    return inside.length === 0
      ? `${indent}<${name}/>\n`
      : `${indent}<${name}>\n${inside.join("")}${indent}</${name}>\n`;
  }

  function textOf(value: unknown): string {
    if (typeof value === "string") return fit(value);
    const json = value instanceof Decimal ? value.toString() : toJson(value);
    return json.startsWith('"') ? (JSON.parse(json) as string) : json;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: XML does not take these, not even escaped.
const UNFIT = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

function fit(text: string): string {
  const bad = UNFIT.exec(text)?.[0];
  if (bad === undefined) return text;
  const code = bad.charCodeAt(0).toString(16).padStart(4, "0");
  throw new TaskError(
    "xml_character",
    `XML cannot hold the character U+${code.toUpperCase()} of the text ${JSON.stringify(shorten(text, 100))}.`,
  );
}
