import sax from "sax";
import { TaskError } from "../../task-type.ts";

/** What an XML file says, piece by piece. Text may come in several pieces. */
export type XmlEvent =
  | { kind: "open"; name: string; attributes: Record<string, string> }
  | { kind: "close"; name: string }
  | { kind: "text"; text: string };

// Deeper documents would overflow the stack of whoever walks over what is made of them.
const MAX_DEPTH = 500;

/** Reads XML as it streams by. Entities of the document's own are not known, so none can grow or reach out. */
export async function* xmlEvents(chunks: AsyncIterable<string>): AsyncGenerator<XmlEvent[]> {
  const parser = sax.parser(true, { position: true });
  let events: XmlEvent[] = [];
  let depth = 0;
  let attributes = NONE;
  parser.onopentagstart = (tag) => {
    attributes = NONE;
    tag.attributes = UNSEEN;
  };
  // Kept here and not in the parser's own object, where `hasOwnProperty` and `__proto__` are no names like others.
  parser.onattribute = ({ name, value }) => {
    if (name in attributes) throw invalidXml(parser, `there are two attributes \`${name}\``);
    if (attributes === NONE) attributes = Object.create(null) as Record<string, string>;
    attributes[name] = value;
  };
  parser.onopentag = ({ name }) => {
    if (++depth > MAX_DEPTH) throw invalidXml(parser, "it is nested too deeply");
    events.push({ kind: "open", name, attributes });
  };
  parser.onclosetag = (name) => {
    depth--;
    events.push({ kind: "close", name });
  };
  parser.ontext = (text) => void events.push({ kind: "text", text });
  parser.oncdata = (text) => void events.push({ kind: "text", text });
  parser.onerror = (error) => {
    throw invalidXml(parser, error.message.split("\n", 1)[0] ?? "");
  };
  for await (const chunk of chunks) {
    parser.write(chunk);
    if (events.length === 0) continue;
    yield events;
    events = [];
  }
  parser.close();
  if (events.length > 0) yield events;
}

const NONE: Record<string, string> = Object.freeze(Object.create(null));

/** Where the parser puts attributes, and asks whether it has one already: a second one would be left out without a word. */
const UNSEEN = new Proxy<sax.Tag["attributes"]>(
  {},
  { get: (_, name) => (name === "hasOwnProperty" ? () => false : undefined), set: () => true },
);

function invalidXml(parser: sax.SAXParser, problem: string): TaskError {
  const line = parser.line + 1;
  return new TaskError(
    "invalid_xml",
    `Invalid XML: line ${line}, column ${parser.column + 1}: ${problem.replace(/\.$/, "")}.`,
    {
      details: { row: line, problem },
    },
  );
}

/** Text as it stands between tags. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, (one) => ESCAPES[one] as string);
}

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text as it stands in an attribute. */
export function escapeAttribute(text: string): string {
  return text.replace(/[&<>"]/g, (one) => ESCAPES[one] as string);
}
