import { invalidJson } from "./parse-json.ts";

/** A value of a file, as text. */
export interface JsonElement {
  text: string;
  /** Where it begins, for people. */
  where: string;
}

/** What a file begins with: a list, of which the items come one by one; objects, one behind the other; or something else. */
export type JsonKind = "list" | "objects" | "other";

// Without a limit, one missing quote would put the rest of the file into memory.
const MAX_ELEMENT = 64 * 1024 * 1024;
const MAX_DEPTH = 500;

interface Scan {
  kind: JsonKind | undefined;
  isEnded: boolean;
  isAfterComma: boolean;
  depth: number;
  isInText: boolean;
  /** Whether the chunk before ended in a backslash. */
  isEscaped: boolean;
  pending: string;
  line: number;
  startLine: number;
}

/**
 * Cuts a JSON file into its values without holding more than one of them: the items of a list, or objects one behind
 * the other. Anything else comes as one value. `onKind` is told what the file begins with.
 */
export async function* jsonElements(
  chunks: AsyncIterable<string>,
  onKind: (kind: JsonKind, first: string) => void = () => undefined,
): AsyncGenerator<JsonElement> {
  const scan: Scan = {
    kind: undefined,
    isEnded: false,
    isAfterComma: false,
    depth: 0,
    isInText: false,
    isEscaped: false,
    pending: "",
    line: 1,
    startLine: 1,
  };
  for await (const chunk of chunks) {
    let rest = chunk;
    if (scan.kind === undefined) {
      rest = scan.pending + chunk;
      const first = /\S/.exec(rest)?.[0];
      if (first === undefined) {
        scan.pending = rest;
        continue;
      }
      scan.pending = "";
      scan.kind = first === "[" ? "list" : first === "{" ? "objects" : "other";
      onKind(scan.kind, rest.trimStart());
      if (first === "[") {
        const at = rest.indexOf("[") + 1;
        scan.line += linesIn(rest.slice(0, at));
        rest = rest.slice(at);
      }
    }
    yield* elementsOf(scan, rest);
  }
  yield* last(scan);
}

const STRUCTURE = /["\\[\]{},\n]/g;

function* elementsOf(scan: Scan, chunk: string): Generator<JsonElement> {
  if (scan.kind === "other") {
    append(scan, chunk);
    return;
  }
  let from = 0;
  const take = (to: number) => {
    append(scan, chunk.slice(from, to));
    from = to;
  };
  STRUCTURE.lastIndex = scan.isEscaped ? 1 : 0;
  scan.isEscaped = false;
  for (let match = STRUCTURE.exec(chunk); match; match = STRUCTURE.exec(chunk)) {
    const { index } = match;
    const character = match[0];
    if (character === "\n") scan.line++;
    else if (scan.isInText) {
      if (character === "\\") {
        STRUCTURE.lastIndex = index + 2;
        scan.isEscaped = index + 1 === chunk.length;
        if (scan.isEscaped) break;
      } else if (character === '"') scan.isInText = false;
    } else if (character === '"') scan.isInText = true;
    else if (character === "{" || character === "[") {
      if (scan.depth === 0 && scan.kind === "objects") {
        take(index);
        between(scan);
        if (character === "[") throw invalidJson(`line ${scan.line}`, "a list stands behind an object");
      }
      if (++scan.depth > MAX_DEPTH) throw invalidJson(`line ${scan.line}`, "it is nested too deeply");
    } else if (scan.depth > 0 && (character === "}" || character === "]")) {
      scan.depth--;
      if (scan.depth > 0 || scan.kind !== "objects") continue;
      take(index + 1);
      yield element(scan);
    } else if (scan.kind === "list" && scan.depth === 0 && (character === "," || character === "]")) {
      if (scan.isEnded) throw afterEnd(scan);
      take(index);
      from = index + 1;
      if (scan.pending.trim() !== "" || character === "," || scan.isAfterComma) yield element(scan);
      scan.isAfterComma = character === ",";
      scan.isEnded = character === "]";
      scan.pending = "";
    }
  }
  take(chunk.length);
}

function append(scan: Scan, text: string) {
  if (scan.pending === "" && text !== "") scan.startLine = scan.line;
  scan.pending += text;
  if (scan.pending.length > MAX_ELEMENT) {
    throw invalidJson(`line ${scan.startLine}`, `a value has more than ${MAX_ELEMENT} characters`);
  }
}

function element(scan: Scan): JsonElement {
  const text = scan.pending;
  scan.pending = "";
  return { text, where: `the value that ends on line ${scan.line}` };
}

/** Between objects there may be blanks and commas. */
function between(scan: Scan) {
  if (/[^\s,]/.test(scan.pending))
    throw invalidJson(`line ${scan.line}`, "there is something between objects");
  scan.pending = "";
}

function* last(scan: Scan): Generator<JsonElement> {
  const isBlank = scan.pending.trim() === "";
  if (scan.kind === "other") yield element(scan);
  else if (scan.kind === "list") {
    if (!scan.isEnded) throw invalidJson(`line ${scan.line}`, "the file ends in the middle of a list");
    if (!isBlank) throw afterEnd(scan);
  } else if (scan.kind === "objects") {
    if (scan.depth > 0) throw invalidJson(`line ${scan.line}`, "the file ends in the middle of an object");
    between(scan);
  }
}

function afterEnd(scan: Scan) {
  return invalidJson(`line ${scan.line}`, "something stands behind the end of the list");
}

function linesIn(text: string): number {
  return text.split("\n").length - 1;
}
