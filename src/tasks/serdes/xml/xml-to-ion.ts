import { z } from "zod";
import { fileUri, list, text } from "../../property.ts";
import { defineTaskType, TaskError, type TaskLog } from "../../task-type.ts";
import { isStruct } from "../avro/java-text.ts";
import { charset, convertedOutputs, convertFile, encoded } from "../convert-file.ts";
import { textChunks } from "../json/json-text.ts";
import { ionLines } from "../json/json-to-ion.ts";
import { type XmlEvent, xmlEvents } from "./xml-events.ts";
import { type XmlReader, xmlReader } from "./xml-value.ts";

/** `io.kestra.plugin.serdes.xml.XmlToIon` */
export const xmlToIon = defineTaskType({
  type: "io.kestra.plugin.serdes.xml.XmlToIon",
  title: "Convert XML to Ion",
  description:
    "Turns XML into rows: attributes and elements become entries, text beside them `content`, elements of one name a " +
    "list; texts that look like numbers or booleans become such. With `query` the elements of a path become rows as they " +
    "stream by; of each name on the way there only the first element is entered, as in Kestra. Without it the document is held in " +
    "memory. Entities and DTDs of the document are not followed.",
  properties: z.strictObject({
    from: fileUri().meta({ description: "The URI of the XML file." }),
    charset: charset("XML file"),
    query: text()
      .pipe(z.string().regex(/^\s*\/?[^/\s]+(\/[^/\s]+)*\/?\s*$/, "Expected a path such as /catalog/book"))
      .optional()
      .meta({
        description:
          "The path of the elements that become rows, such as `/catalog/book`, without prefixes: all `book` of the first `catalog`. The slash in front may be left out.",
      }),
    parserConfiguration: z
      .strictObject({
        forceList: list(text())
          .default([])
          .meta({ description: "The names of elements that become lists, also where there is one only." }),
      })
      .optional()
      .meta({ description: "How elements become values." }),
  }),
  outputs: convertedOutputs("Ion file"),
  isHeavy: true,
  examples: [
    {
      title: "Read the books of a catalogue",
      yaml: 'from: "{{ outputs.download.uri }}"\nquery: /catalog/book',
    },
    {
      title: "Read a whole document",
      yaml: 'from: "{{ outputs.download.uri }}"\nparserConfiguration:\n  forceList: [author]',
    },
  ],
  async run({ properties, context }) {
    const forceList = new Set(properties.parserConfiguration?.forceList ?? []);
    return convertFile(context, properties.from, "ion", (source, counter) => {
      const chunks = textChunks(source, properties.charset);
      const path = properties.query
        ?.trim()
        .split("/")
        .filter((name) => name !== "");
      const values = path ? matching(chunks, path, forceList, context.log) : whole(chunks, forceList);
      return encoded(ionLines(values, counter));
    });
  },
});

// A document becomes some ten times as large in memory.
const LARGEST_DOCUMENT = 32 * 1024 * 1024;

async function* whole(
  chunks: AsyncIterable<string>,
  forceList: ReadonlySet<string>,
): AsyncGenerator<unknown[]> {
  const reader = xmlReader(forceList);
  let root: { name: string; value: unknown } | undefined;
  for await (const events of xmlEvents(limited(chunks)))
    for (const event of events) root = reader.read(event) ?? root;
  if (!root) yield [Object.create(null)];
  else yield rowsOf(root.value) ?? [{ [root.name]: root.value }];
}

async function* limited(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > LARGEST_DOCUMENT) {
      const message = `The document has more than ${LARGEST_DOCUMENT} characters. Give \`query\`, so that it can be read piece by piece.`;
      throw new TaskError("xml_too_large", message);
    }
    // A document that is empty but for blanks is no fault, and no document.
    if (size === chunk.length && chunk.trim() === "") continue;
    yield chunk;
  }
}

/** A root that holds nothing but a list stands for the list, also where another element is between. */
function rowsOf(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  for (let inside = value, depth = 0; isStruct(inside) && depth < 1; depth++) {
    const [only, ...others] = Object.values(inside);
    if (others.length > 0) return undefined;
    if (Array.isArray(only)) return only;
    inside = only;
  }
  return undefined;
}

/** Elements at the end of a path. Of each name on the way only the first is entered, as in Kestra; whether there are others is told. */
async function* matching(
  chunks: AsyncIterable<string>,
  path: string[],
  forceList: ReadonlySet<string>,
  log: TaskLog,
): AsyncGenerator<unknown[]> {
  const matcher = elementMatcher(path, forceList);
  for await (const events of xmlEvents(chunks)) {
    const values: unknown[] = [];
    for (const event of events) {
      const element = matcher.read(event);
      if (element) values.push(element.value);
    }
    yield values;
  }
  const leftOut = matcher.leftOut();
  if (leftOut !== undefined) {
    const rows = path.at(-1);
    log.warn(
      `There is more than one \`${leftOut}\` on the way to \`${rows}\`: only the first is read, as in Kestra.`,
    );
  }
}

/** Finds the elements at the end of a path, event by event. */
function elementMatcher(path: string[], forceList: ReadonlySet<string>) {
  let reader: XmlReader | undefined;
  let depth = 0;
  let matched = 0;
  let isOver = false;
  let onTheWay = 0;
  let leftOut: string | undefined;
  return {
    /** An element, with the event that ends it. */
    read(event: XmlEvent): { value: unknown } | undefined {
      if (event.kind === "open") open(localName(event.name));
      else if (event.kind === "close") close();
      const element = reader?.read(withoutNamespaces(event));
      if (element) reader = undefined;
      return element;
    },
    /** The name on the way of which there was more than one. */
    leftOut: () => leftOut,
  };

  function open(name: string) {
    if (!reader && !isOver && depth === matched && name === path[depth]) {
      if (depth === path.length - 1) reader = xmlReader(forceList, localName);
      else matched++;
    }
    if (depth === onTheWay && depth < path.length - 1 && name === path[depth]) {
      onTheWay++;
      if (isOver) leftOut ??= path[depth];
    }
    depth++;
  }

  function close() {
    depth--;
    onTheWay = Math.min(onTheWay, depth);
    if (!reader && depth < matched) isOver = true;
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

function withoutNamespaces(event: XmlEvent): XmlEvent {
  if (event.kind !== "open") return event;
  const names = Object.keys(event.attributes);
  if (!names.some(isNamespace)) return event;
  const attributes: Record<string, string> = Object.create(null);
  for (const name of names) if (!isNamespace(name)) attributes[name] = event.attributes[name] as string;
  return { ...event, attributes };
}

function isNamespace(name: string): boolean {
  return /^xmlns(?::|$)/.test(name);
}
