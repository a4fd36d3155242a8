import { type Decimal, parseDecimal } from "../ion/ion-value.ts";
import type { XmlEvent } from "./xml-events.ts";

/** An element that is being read. */
interface Open {
  name: string;
  content: Record<string, unknown>;
  text: string;
  /** The texts between elements, in their order. */
  texts: unknown[];
}

/** Makes values of elements: attributes and elements are entries alike, text beside them is `content`. */
export interface XmlReader {
  /** Takes an event, and gives the element that ends with it, if it is the outermost. */
  read(event: XmlEvent): { name: string; value: unknown } | undefined;
}

/** Prepares the reading of elements. `rename` says how they are called. */
export function xmlReader(
  forceList: ReadonlySet<string>,
  rename: (name: string) => string = (name) => name,
): XmlReader {
  const open: Open[] = [];
  return {
    read(event) {
      if (event.kind === "text") {
        const inside = open.at(-1);
        if (inside) inside.text += event.text;
        return undefined;
      }
      const name = rename(event.name);
      if (event.kind === "open") {
        endText(open.at(-1));
        const content: Record<string, unknown> = Object.create(null);
        for (const [key, value] of Object.entries(event.attributes)) content[rename(key)] = typed(value);
        open.push({ name, content, text: "", texts: [] });
        return undefined;
      }
      const element = open.pop() as Open;
      endText(element);
      const value = elementValue(element);
      const outer = open.at(-1);
      if (!outer) return { name: element.name, value };
      add(outer.content, element.name, value, forceList);
      return undefined;
    },
  };
}

function endText(element: Open | undefined) {
  if (!element) return;
  const text = element.text.trim();
  if (text !== "") element.texts.push(typed(text));
  element.text = "";
}

function elementValue({ content, texts }: Open): unknown {
  const text = texts.length === 1 ? texts[0] : texts;
  if (Object.keys(content).length === 0) return texts.length === 0 ? "" : text;
  if (texts.length > 0) content.content = text;
  return content;
}

/** Elements of one name become a list. */
function add(content: Record<string, unknown>, name: string, value: unknown, forceList: ReadonlySet<string>) {
  const known = content[name];
  if (forceList.has(name)) {
    const list = Array.isArray(known) ? known : [];
    if (value !== "") list.push(value);
    content[name] = list;
  } else if (known === undefined) content[name] = Array.isArray(value) ? [value] : value;
  else if (Array.isArray(known)) known.push(value);
  else content[name] = [known, value];
}

/** A text as the boolean or the number that it looks like; what begins with a needless zero or a plus stays text. */
export function typed(text: string): unknown {
  if (/^true$/i.test(text)) return true;
  if (/^false$/i.test(text)) return false;
  if (/^null$/i.test(text)) return null;
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][+-]?\d{1,3})?$/.test(text)) return text;
  if (/^-0(?:\.0*)?$/.test(text)) return -0;
  if (/^-?\d+$/.test(text)) return BigInt(text);
  return (parseDecimal(text) as Decimal | undefined) ?? text;
}
