import { type Document, isAlias, isMap, isScalar, isSeq, type Pair, type Scalar, type YAMLMap } from "yaml";
import { mapOf, setKey } from "../base/key-order.ts";
import { WholeFloat } from "../base/whole-float.ts";
import { isPlain, plainScalar } from "../base/yaml-value.ts";
import { isStorableText } from "./input-form.ts";
import type { Findings, Path } from "./issue.ts";

/** Deeper than any flow, and shallow enough for every recursive walk over it. */
const maxDepth = 500;

/** For `format: {{ x }}`, which YAML takes for a map in a map. */
export const quoteHint = 'Put an expression in quotes: `"{{ … }}"`.';

/** How many nodes aliases may stand for together: each is walked and stored as if it were written out. */
const maxAliasNodes = 20_000;

/** A part of the source as plain data, and where it lies. */
export interface YamlNode {
  value: unknown;
  /** The same with numbers as they are written, where JavaScript takes `1.0` for 1 or rounds an integer. */
  exact?: unknown;
  /** Where the value starts in the source. */
  at: number;
  /** Where its key starts, in a map. */
  keyAt?: number;
  scalar?: Scalar.Parsed;
  entries?: Map<string, YamlNode>;
  items?: YamlNode[];
}

interface Anchored {
  /** Undefined while the anchor's own value is being read: an alias to it would never end. */
  node?: YamlNode;
  size: number;
}

/** A number or boolean that is written in an unusual way: where a text is wanted, what is written counts. */
export interface WrittenScalar {
  path: Path;
  text: string;
}

interface Conversion {
  findings: Findings;
  isWhole: boolean;
  written: WrittenScalar[];
  anchors: Map<string, Anchored>;
  /** All nodes so far, and those among them that only aliases brought. */
  nodes: number;
  aliased: number;
}

/** A document as plain data. */
export interface Converted {
  root: YamlNode;
  /** Whether nothing had to be left out: what is checked of the rest would be faults that nobody made. */
  isWhole: boolean;
  written: WrittenScalar[];
}

/** Turns a parsed document into plain data that fits into JSON, reporting what does not. */
export function convert(document: Document.Parsed, findings: Findings): Converted {
  const conversion: Conversion = {
    ...{ findings, isWhole: true, written: [], anchors: new Map(), nodes: 0, aliased: 0 },
  };
  const root = convertNode(conversion, document.contents, [], document.range[0]);
  return { root, isWhole: conversion.isWhole, written: conversion.written };
}

function convertNode(conversion: Conversion, node: unknown, path: Path, fallbackAt: number): YamlNode {
  if (isAlias(node)) return resolveAlias(conversion, node.source, path, node.range?.[0] ?? fallbackAt);
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return { value: null, at: fallbackAt };

  conversion.nodes += 1;
  const before = conversion.nodes;
  const anchored: Anchored | undefined = node.anchor === undefined ? undefined : { size: 0 };
  if (node.anchor !== undefined && anchored !== undefined) conversion.anchors.set(node.anchor, anchored);

  const at = node.range?.[0] ?? fallbackAt;
  const converted = convertValue(conversion, node as Parameters<typeof convertValue>[1], path, at);
  if (anchored !== undefined) {
    anchored.node = converted;
    anchored.size = conversion.nodes - before + 1;
  }
  return converted;
}

function convertValue(
  conversion: Conversion,
  node: Scalar | YAMLMap | { items: unknown[] },
  path: Path,
  at: number,
) {
  if (isScalar(node)) return convertScalar(conversion, node as Scalar.Parsed, path, at);
  if (path.length > maxDepth) {
    leaveOut(conversion, path, "nested_too_deeply", "The flow is nested too deeply.", at);
    return { value: null, at };
  }
  if (isMap(node)) return convertMap(conversion, node, path, at);
  const items = node.items.map((item, index) => convertNode(conversion, item, [...path, index], at));
  const isExact = items.some((item) => item.exact !== undefined);
  return {
    ...{ value: items.map((item) => item.value), at, items },
    ...(isExact && { exact: items.map(exactOf) }),
  };
}

function convertMap(conversion: Conversion, map: YAMLMap, path: Path, at: number): YamlNode {
  const entries = new Map<string, YamlNode>();
  const value: Record<string, unknown> = {};
  for (const pair of map.items) {
    const key = readKey(conversion, pair, path, at);
    if (key === undefined) continue;
    const child = convertNode(conversion, pair.value, [...path, key.text], key.at);
    if (entries.has(key.text)) {
      conversion.findings.error(
        [...path, key.text],
        "duplicate_key",
        `The key \`${key.text}\` is given twice.`,
        {
          sourceOffset: key.at,
        },
      );
      continue;
    }
    entries.set(key.text, { ...child, keyAt: key.at });
    setKey(value, key.text, child.value);
  }
  if (!entries.values().some((child) => child.exact !== undefined)) return { value, at, entries };
  const exact = mapOf([...entries].map(([key, child]) => [key, exactOf(child)]));
  return { value, exact, at, entries };
}

/** A part of the source with its numbers as they are written. */
export function exactOf({ value, exact }: YamlNode): unknown {
  return exact ?? value;
}

/** Reports what cannot be taken over. */
function leaveOut(
  conversion: Conversion,
  path: Path,
  reason: string,
  message: string,
  at: number,
  hint?: string,
): void {
  conversion.isWhole = false;
  conversion.findings.error(path, reason, message, { sourceOffset: at, hint });
}

function readKey(conversion: Conversion, pair: Pair, path: Path, mapAt: number) {
  const node = isAlias(pair.key) ? conversion.anchors.get(pair.key.source)?.node?.scalar : pair.key;
  if (!isScalar(node)) {
    const hint = isMap(pair.key) ? quoteHint : undefined;
    leaveOut(conversion, path, "key_not_text", "A key must be plain text.", startOf(pair.key) ?? mapAt, hint);
    return undefined;
  }
  const at = startOf(pair.key) ?? mapAt;
  const text = typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
  if (text === "<<") {
    const hint = "Write the properties out, or use an alias for the whole value.";
    leaveOut(conversion, path, "merge_key", "Merge keys are not available.", at, hint);
    return undefined;
  }
  if (text === "__proto__" || !isStorableText(text)) {
    const hint =
      text === "__proto__" ? "Choose another name: data may have it, the text of a flow may not." : undefined;
    leaveOut(conversion, path, "key_not_allowed", "This key is not allowed.", at, hint);
    return undefined;
  }
  return { text, at };
}

function startOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined;
}

function convertScalar(conversion: Conversion, scalar: Scalar.Parsed, path: Path, at: number): YamlNode {
  const { value, ...exact } = scalarValue(scalar);
  const report = (message: string, hint?: string) =>
    leaveOut(conversion, path, "value_not_storable", message, at, hint);
  if (typeof value === "number" && !Number.isFinite(value)) {
    report(`The number \`${scalar.source}\` cannot be kept.`, "Put it in quotes.");
  } else if (typeof value === "string" && !isStorableText(value)) {
    report("The text holds characters that cannot be stored.");
  } else if (value !== null && typeof value !== "string" && String(value) !== scalar.source) {
    conversion.written.push({ path, text: scalar.source });
  }
  return { value, at, scalar, ...exact };
}

/** What a scalar says: quotes make a text of anything. A number may be a float without a fraction, or longer than JavaScript knows. */
function scalarValue(scalar: Scalar.Parsed): {
  value: string | number | boolean | null;
  exact?: WholeFloat | bigint;
} {
  const text = String(scalar.value);
  const found = isPlain(scalar) ? plainScalar(scalar.source) : ({ kind: "text" } as const);
  if (found.kind === "text") return { value: text };
  if (found.kind === "null") return { value: null };
  if (found.kind === "boolean") return { value: found.value };
  const value = Number(found.value);
  if (found.kind === "float")
    return Number.isInteger(value) ? { value, exact: new WholeFloat(value) } : { value };
  return Number.isSafeInteger(value) ? { value } : { value, exact: found.value };
}

function resolveAlias(conversion: Conversion, name: string, path: Path, at: number): YamlNode {
  const anchored = conversion.anchors.get(name);
  if (anchored?.node === undefined) {
    const message = anchored
      ? `The alias \`${name}\` stands inside itself.`
      : `There is no anchor \`${name}\` above.`;
    leaveOut(conversion, path, "alias_not_resolved", message, at);
    return { value: null, at };
  }
  conversion.aliased += anchored.size;
  conversion.nodes += anchored.size;
  if (conversion.aliased > maxAliasNodes) {
    // Said once: the alias after this one would only repeat it.
    if (conversion.aliased - anchored.size <= maxAliasNodes) {
      leaveOut(conversion, path, "too_many_aliases", "The aliases of the flow stand for too much.", at);
    }
    return { value: null, at };
  }
  return { ...anchored.node, at };
}
