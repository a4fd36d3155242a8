import { LineCounter, parseDocument } from "yaml";
import { mapOf } from "../../../base/key-order.ts";
import { YamlFault, type YamlMaking, yamlOptions, yamlValue } from "../../../base/yaml-value.ts";
import { TaskError } from "../../task-type.ts";
import { lineBatches, textChunks } from "../json/json-text.ts";
import { flatDocument } from "./flat-document.ts";

/** A document of a file, as values of `ion-value.ts`. */
export interface YamlDocument {
  value: unknown;
}

// A document becomes some twenty times as large in memory.
const LARGEST_DOCUMENT = 16 * 1024 * 1024;

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
  const flat = flatDocument(lines, making);
  if (flat !== undefined) return { value: flat };
  const counter = new LineCounter();
  const document = parseDocument(lines.join("\n"), { ...yamlOptions, lineCounter: counter });
  const [error] = document.errors;
  if (error) {
    const { line, col } = counter.linePos(error.pos[0]);
    throw invalidYaml(first + line - 1, error.message, col);
  }
  return { value: contentsOf(document.contents, first) };
}

/** Integers keep their digits, and nothing at all is an empty text, as in Kestra's converters. */
export const making: YamlMaking = {
  integer: (value) => value,
  float: (value) => value,
  map: mapOf,
  empty: "",
};

function contentsOf(contents: unknown, first: number): unknown {
  try {
    return yamlValue(contents, making);
  } catch (error) {
    if (error instanceof YamlFault) throw invalidYaml(first, error.message);
    throw error;
  }
}

function invalidYaml(line: number, problem: string, column?: number): TaskError {
  const place = column === undefined ? `line ${line}` : `line ${line}, column ${column}`;
  return new TaskError("invalid_yaml", `Invalid YAML: ${place}: ${problem.replace(/\.$/, "")}.`, {
    details: { row: line, problem },
  });
}
