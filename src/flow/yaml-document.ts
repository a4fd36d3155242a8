import { Lexer, LineCounter, parseDocument, type YAMLError, type YAMLWarning } from "yaml";
import { yamlOptions } from "../base/yaml-value.ts";
import { renameFormer } from "./former-names.ts";
import { createFindings, type Findings, type IssueOptions, type Path } from "./issue.ts";
import { convert, exactOf, quoteHint, type WrittenScalar, type YamlNode } from "./yaml-convert.ts";
import { offsetInSource } from "./yaml-offset.ts";

/** A flow of 2 MB is generated and huge already, and the database keeps every revision of it. */
const maxSourceBytes = 2_000_000;

/** A flow of 2 MB has some 600,000: a task of eighty bytes has 25. Parsing takes about 4 µs each, and a hostile source has three times as many. */
const maxTokens = 700_000;

/** What may stand between the brackets of templates. A flow of 2 MB has some 400,000; to parse and check as many takes a second. */
const maxTemplateCode = 600_000;

/** A source as plain data, with findings that can point at any part of it. */
export interface YamlSource {
  /** Undefined if the source is not YAML that we take; the findings say why. */
  value: unknown;
  /** The value with its numbers as they are written: `1.0` is a float. The same object where it has none that JavaScript would lose. */
  exact: unknown;
  /** Numbers and booleans as they are written, where that is not as they print. */
  written: WrittenScalar[];
  findings: Findings;
}

/** Reads YAML, as Kestra's parser does but with aliases, into plain data that fits into JSON. */
export function readYaml(written: string): YamlSource {
  // A mark that no editor shows must not move the first line.
  const source = written.replace(/^\ufeff/, "");
  const lines = new LineCounter();
  let root: YamlNode | undefined;
  const findings = createFindings((path, options) => {
    const { line, col } = lines.linePos(options.sourceOffset ?? place(source, root, path, options));
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  });

  const refusal = refuseUnread(source);
  if (refusal !== undefined) {
    findings.error([], refusal.reason, refusal.message);
    return { value: undefined, exact: undefined, written: [], findings };
  }
  // uniqueKeys would compare every key with every other: convert() finds duplicates in linear time.
  // `!!binary`, `!!set` and the like make values that JSON does not have: they stay as they are written, with a warning.
  const document = parseDocument(source, { ...yamlOptions, lineCounter: lines });
  for (const error of withoutEchoes(document.errors)) {
    const { reason, message, hint } = describe(error, source);
    findings.error([], reason, message, { hint, sourceOffset: error.pos[0] });
  }
  if (findings.hasErrors()) return { value: undefined, exact: undefined, written: [], findings };

  for (const warning of document.warnings) {
    findings.warning([], "yaml_tag", describeWarning(warning), { sourceOffset: warning.pos[0] });
  }
  renameFormer(document, findings);
  const converted = convert(document, findings);
  root = converted.root;
  const { written: scalars, isWhole } = converted;
  if (!isWhole) return { value: undefined, exact: undefined, written: scalars, findings };
  return { value: root.value, exact: exactOf(root), written: scalars, findings };
}

function refuseUnread(source: string): { reason: string; message: string } | undefined {
  if (Buffer.byteLength(source) > maxSourceBytes) {
    return { reason: "source_too_long", message: "The flow is longer than 2 MB." };
  }
  if (source.includes("\0") || !source.isWellFormed()) {
    return { reason: "source_not_text", message: "The flow holds characters that are no text." };
  }
  if (templateCode(source) > maxTemplateCode) {
    const message = `The flow has more than ${maxTemplateCode} characters of expressions and tags.`;
    return { reason: "source_too_complex", message };
  }
  let tokens = 0;
  for (const _ of new Lexer().lex(source)) {
    tokens += 1;
    if (tokens > maxTokens) return { reason: "source_too_complex", message: "The flow has too many parts." };
  }
  return undefined;
}

/** How many characters stand between `{{` or `{%` and what closes it. */
function templateCode(source: string): number {
  const bracket = /\{[{%]|[}%]\}/g;
  let count = 0;
  let opened = -1;
  for (let match = bracket.exec(source); match !== null; match = bracket.exec(source)) {
    if (match[0].startsWith("{")) {
      if (opened < 0) opened = match.index;
    } else if (opened >= 0) {
      count += match.index - opened;
      opened = -1;
    }
  }
  return opened < 0 ? count : count + source.length - opened;
}

/** One error at one place: the parser repeats itself for each level that an unclosed bracket leaves open. */
function withoutEchoes(errors: readonly YAMLError[]): YAMLError[] {
  const places = new Set<number>();
  return errors.filter(({ pos }) => !places.has(pos[0]) && places.add(pos[0]));
}

function describe(error: YAMLError, source: string): { reason: string; message: string; hint?: string } {
  if (error.code === "RESOURCE_EXHAUSTION") {
    return { reason: "nested_too_deeply", message: "The flow is nested too deeply." };
  }
  if (error.code === "MULTIPLE_DOCS") {
    return {
      reason: "multiple_documents",
      message: "A flow is a single YAML document, without a `---` inside.",
    };
  }
  // The library's words are "Missing closing "quote".
  const message = sentence(error.message.replace(/(["'])quote$/, "$1"));
  if (error.code === "TAB_AS_INDENT") return { reason: "yaml_syntax", message, hint: "Indent with spaces." };
  const isBareTemplate = bareTemplate.test(lineAround(source, error.pos[0]));
  return { reason: "yaml_syntax", message, ...(isBareTemplate ? { hint: quoteHint } : {}) };
}

function describeWarning({ code, message }: YAMLWarning): string {
  const tag = code === "TAG_RESOLVE_FAILED" ? /^Unresolved tag: (\S+)$/.exec(message)?.[1] : undefined;
  if (tag === undefined) return sentence(message);
  return `The tag \`${tag.replace(/^tag:yaml\.org,2002:/, "!!")}\` means nothing here: the value is taken as it is written.`;
}

/** A value that begins with an expression and has no quotes. */
const bareTemplate = /(?:[:-]\s+|^\s*)\{[{%#]/;

/** The line around a character, as far as it matters: a source may be one line, with an error in every part. */
function lineAround(source: string, at: number): string {
  const [before = ""] = source
    .slice(Math.max(0, at - 200), at)
    .split("\n")
    .reverse();
  const [after = ""] = source.slice(at, at + 200).split("\n");
  return before + after;
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
