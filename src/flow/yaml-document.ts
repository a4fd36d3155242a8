import { Lexer, LineCounter, parseDocument, type YAMLError } from "yaml";
import { createFindings, type Findings, type IssueOptions, type Path } from "./issue.ts";
import { convert, type YamlNode } from "./yaml-convert.ts";
import { offsetInSource } from "./yaml-offset.ts";

/** A flow of 2 MB is generated and huge already, and the database keeps every revision of it. */
const maxSourceBytes = 2_000_000;

/** Parsing takes about 4 µs a token, so that a hostile source of the full size ends after two seconds. */
const maxTokens = 400_000;

/** A source as plain data, with findings that can point at any part of it. */
export interface YamlSource {
  /** Undefined if the source is not YAML that we take; the findings say why. */
  value: unknown;
  findings: Findings;
}

/** Reads YAML 1.2 (core schema, no merge keys) into plain data that fits into JSON. */
export function readYaml(source: string): YamlSource {
  const lines = new LineCounter();
  let root: YamlNode | undefined;
  const findings = createFindings((path, options) => {
    const { line, col } = lines.linePos(options.sourceOffset ?? place(source, root, path, options));
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  });

  const refusal = refuseUnread(source);
  if (refusal !== undefined) {
    findings.error([], refusal.reason, refusal.message);
    return { value: undefined, findings };
  }
  // uniqueKeys would compare every key with every other: convert() finds duplicates in linear time.
  const document = parseDocument(source, {
    version: "1.2",
    schema: "core",
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
  });
  for (const error of withoutEchoes(document.errors)) {
    const { reason, message, hint } = describe(error);
    findings.error([], reason, message, { hint, sourceOffset: error.pos[0] });
  }
  if (findings.hasErrors()) return { value: undefined, findings };

  for (const warning of document.warnings) {
    findings.warning([], "yaml_tag", sentence(warning.message), { sourceOffset: warning.pos[0] });
  }
  root = convert(document, findings);
  return { value: findings.hasErrors() ? undefined : root.value, findings };
}

function refuseUnread(source: string): { reason: string; message: string } | undefined {
  if (Buffer.byteLength(source) > maxSourceBytes) {
    return { reason: "source_too_long", message: "The flow is longer than 2 MB." };
  }
  if (source.includes("\0") || !source.isWellFormed()) {
    return { reason: "source_not_text", message: "The flow holds characters that are no text." };
  }
  let tokens = 0;
  for (const _ of new Lexer().lex(source)) {
    tokens += 1;
    if (tokens > maxTokens) return { reason: "source_too_complex", message: "The flow has too many parts." };
  }
  return undefined;
}

/** One error at one place: the parser repeats itself for each level that an unclosed bracket leaves open. */
function withoutEchoes(errors: readonly YAMLError[]): YAMLError[] {
  const places = new Set<number>();
  return errors.filter(({ pos }) => !places.has(pos[0]) && places.add(pos[0]));
}

function describe(error: YAMLError): { reason: string; message: string; hint?: string } {
  if (error.code === "RESOURCE_EXHAUSTION") {
    return { reason: "nested_too_deeply", message: "The flow is nested too deeply." };
  }
  if (error.code === "MULTIPLE_DOCS") {
    return {
      reason: "multiple_documents",
      message: "A flow is a single YAML document, without a `---` inside.",
    };
  }
  const hint = error.code === "TAB_AS_INDENT" ? { hint: "Indent with spaces." } : {};
  return { reason: "yaml_syntax", message: sentence(error.message), ...hint };
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The character of the source that an issue points at: the deepest part of the path that is there. */
function place(source: string, root: YamlNode | undefined, path: Path, options: IssueOptions): number {
  let node = root;
  let at = root?.at ?? 0;
  for (const step of path) {
    const child = typeof step === "number" ? node?.items?.[step] : node?.entries?.get(step);
    if (child === undefined) return at;
    at = options.atKey === true ? (child.keyAt ?? child.at) : child.at;
    node = child;
  }
  if (options.offset === undefined || node?.scalar === undefined) return at;
  return offsetInSource(source, node.scalar, options.offset);
}
