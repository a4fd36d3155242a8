import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, Scalar } from "yaml";
import { TaskError } from "../../task-type.ts";
import { lineBatches, textChunks } from "../json/json-text.ts";

/** A document of a file, as values of `ion-value.ts`. */
export interface YamlDocument {
  value: unknown;
}

// A document becomes some twenty times as large in memory.
const LARGEST_DOCUMENT = 16 * 1024 * 1024;
const MAX_DEPTH = 200;

/** Reads the documents of a file, one after the other. */
export async function* yamlDocuments(
  source: AsyncIterable<Uint8Array>,
  charset: string,
): AsyncGenerator<YamlDocument> {
  let lines: string[] = [];
  let size = 0;
  let first = 1;
  let isMarked = false;
  let number = 0;
  for await (const batch of lineBatches(textChunks(source, charset))) {
    for (const line of batch) {
      number++;
      const isStart = /^---(?:\s|$)/.test(line);
      const isEnd = /^\.\.\.(?:\s|$)/.test(line);
      // What stands before the mark may belong to it: directives and comments.
      if ((isStart && (isMarked || hasContent(lines))) || isEnd) {
        if (isMarked || hasContent(lines)) yield documentOf(lines, first);
        lines = [];
        size = 0;
        isMarked = false;
        first = number + (isEnd ? 1 : 0);
      }
      if (isEnd) continue;
      isMarked ||= isStart;
      lines.push(line);
      size += line.length + 1;
      if (size > LARGEST_DOCUMENT)
        throw invalidYaml(first, `the document has more than ${LARGEST_DOCUMENT} characters`);
    }
  }
  if (isMarked || hasContent(lines)) yield documentOf(lines, first);
}

function hasContent(lines: string[]): boolean {
  return lines.some((line) => !/^\s*(?:#.*)?$|^%/.test(line));
}

function documentOf(lines: string[], first: number): YamlDocument {
  const counter = new LineCounter();
  const document = parseDocument(lines.join("\n"), {
    schema: "failsafe",
    version: "1.2",
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    resolveKnownTags: false,
    lineCounter: counter,
  });
  const [error] = document.errors;
  if (error) {
    const { line, col } = counter.linePos(error.pos[0]);
    throw invalidYaml(first + line - 1, error.message, col);
  }
  if (document.contents === null) return { value: "" };
  const isEmpty =
    isScalar(document.contents) && document.contents.source === "" && isPlain(document.contents);
  return { value: isEmpty ? "" : toValue(document.contents, 0, first) };
}

function toValue(node: unknown, depth: number, first: number): unknown {
  if (depth > MAX_DEPTH) throw invalidYaml(first, "it is nested too deeply");
  // Aliases stay what they are called, as in Kestra: nothing can grow by them.
  if (isAlias(node)) return node.source;
  if (isScalar(node))
    return isPlain(node)
      ? resolved(node.source ?? String(node.value ?? ""), first)
      : String(node.value ?? "");
  if (isSeq(node)) return node.items.map((item) => toValue(item, depth + 1, first));
  if (isMap(node)) {
    const map: Record<string, unknown> = Object.create(null);
    for (const pair of node.items) map[keyOf(pair.key)] = toValue(pair.value, depth + 1, first);
    return map;
  }
  return isPair(node) ? toValue(node.value, depth + 1, first) : null;
}

function keyOf(key: unknown): string {
  if (isAlias(key)) return key.source;
  return isScalar(key)
    ? String((isPlain(key) ? key.source : undefined) ?? key.value ?? "")
    : String(key ?? "");
}

function isPlain(node: Scalar): boolean {
  return node.type === undefined || node.type === Scalar.PLAIN;
}

const NULL = /^(?:~|null|Null|NULL|)$/;
const TRUE = /^(?:true|True|TRUE|yes|Yes|YES|on|On|ON)$/;
const FALSE = /^(?:false|False|FALSE|no|No|NO|off|Off|OFF)$/;
const FLOAT = /^[-+]?(?:\d[\d_]*\.[\d_]*(?:[eE][-+]?\d+)?|\.\d[\d_]*(?:[eE][-+]?\d+)?|\d[\d_]*[eE][-+]?\d+)$/;

/** What stands there without quotes, read as Kestra's parser does: YAML 1.1, but dates stay text. */
function resolved(text: string, first: number): unknown {
  if (NULL.test(text)) return null;
  if (TRUE.test(text)) return true;
  if (FALSE.test(text)) return false;
  if (/^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/.test(text))
    throw invalidYaml(first, `Malformed numeric value '${text}'`);
  return integer(text) ?? (FLOAT.test(text) ? Number(text.replaceAll("_", "")) : text);
}

function integer(text: string): bigint | undefined {
  const [, sign, digits = ""] = /^([-+]?)(0x[\da-fA-F_]+|0b[01_]+|0[0-7_]+|0|[1-9][\d_]*)$/.exec(text) ?? [];
  if (digits === "") return undefined;
  const plain = digits.replaceAll("_", "");
  const value = BigInt(/^0\d/.test(plain) ? `0o${plain.slice(1)}` : plain);
  return sign === "-" ? -value : value;
}

function invalidYaml(line: number, problem: string, column?: number): TaskError {
  const place = column === undefined ? `line ${line}` : `line ${line}, column ${column}`;
  return new TaskError("invalid_yaml", `Invalid YAML: ${place}: ${problem.replace(/\.$/, "")}.`, {
    details: { row: line, problem },
  });
}
