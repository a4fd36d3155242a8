import { writtenValue, YamlFault, type YamlMaking } from "../../../base/yaml-value.ts";

// A name without quotes, and what stands behind it.
const ENTRY = /^([A-Za-z_][\w.$-]{0,99}(?: [\w.$-]{1,99}){0,5}):(?: +(.*))?$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what the parser may see otherwise.
const SPECIAL = /[\0-\x1f\x7f-\x9f\u2028\u2029\ufeff]/;
const DOUBLE_QUOTED = /^"(?:[^"\\]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*"$/;
const SINGLE_QUOTED = /^'(?:[^']|'')*'$/;
const PLAIN = /^(?:[^\s,[\]{}#&*!|>'"%@`?:-]|-[\w.])/;
const NOT_PLAIN = /:(?: |$)| #/;

/**
 * Reads a document that is a table's row: a map of names and single lines, of which there are many in a file. The parser takes
 * ten times as long for it. Where anything else is in it, it is undefined, and the parser's.
 */
export function flatDocument(lines: readonly string[], making: YamlMaking): unknown {
  const entries: [string, unknown][] = [];
  for (const [index, line] of lines.entries()) {
    if (/^ *$/.test(line) || (index === 0 && /^--- *$/.test(line))) continue;
    const [, name, written = ""] = (!SPECIAL.test(line) && ENTRY.exec(line)) || [];
    const value = name === undefined ? undefined : lineValue(written.trimEnd(), making);
    if (name === undefined || value === undefined) return undefined;
    entries.push([name, value]);
  }
  return entries.length === 0 ? undefined : making.map(entries);
}

function lineValue(written: string, making: YamlMaking): unknown {
  if (written === "") return making.empty ?? null;
  if (DOUBLE_QUOTED.test(written)) return JSON.parse(written);
  if (SINGLE_QUOTED.test(written)) return written.slice(1, -1).replaceAll("''", "'");
  return PLAIN.test(written) && !NOT_PLAIN.test(written) ? plainValue(written, making) : undefined;
}

/** What is no value is an error, but the parser may find another one that stands before it. */
function plainValue(written: string, making: YamlMaking): unknown {
  try {
    return writtenValue(written, making);
  } catch (error) {
    if (error instanceof YamlFault) return undefined;
    throw error;
  }
}
