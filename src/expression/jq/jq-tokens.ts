import { ExpressionError } from "../expression-error.ts";

export interface Token {
  kind: "number" | "string" | "field" | "name" | "variable" | "format" | "mark" | "end";
  text: string;
  /** The pieces of a string: texts, and the tokens of what is interpolated. */
  parts?: (string | Token[])[];
  at: number;
}

const BLANK = /(?:\s+|#[^\n]*)+/y;
const WORDS: readonly (readonly [Token["kind"], RegExp])[] = [
  ["number", /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ["field", /\.[A-Za-z_]\w*/y],
  ["variable", /\$(?:__loc__|[A-Za-z_]\w*)/y],
  ["format", /@[A-Za-z_]\w*/y],
  ["name", /[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*/y],
  ["mark", /\?\/\/|\/\/=|\|=|\+=|-=|\*=|\/=|%=|==|!=|<=|>=|\/\/|\.\.|[.[\]{}()|,:;=<>+\-*/%?]/y],
];
const ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** Splits a program into tokens. Linear in its length. */
export function tokenize(program: string): Token[] {
  const reader = { program, at: 0 };
  const tokens: Token[] = [];
  for (let token = read(reader); ; token = read(reader)) {
    tokens.push(token);
    if (token.kind === "end") return tokens;
  }
}

interface Reader {
  readonly program: string;
  at: number;
}

function read(reader: Reader): Token {
  BLANK.lastIndex = reader.at;
  reader.at += BLANK.exec(reader.program)?.[0].length ?? 0;
  const at = reader.at;
  if (at >= reader.program.length) return { kind: "end", text: "the end", at };
  if (reader.program[at] === '"') return readString(reader);
  for (const [kind, pattern] of WORDS) {
    pattern.lastIndex = at;
    const text = pattern.exec(reader.program)?.[0];
    if (text === undefined) continue;
    reader.at += text.length;
    return { kind, text, at };
  }
  throw syntaxError(`unexpected \`${reader.program[at]}\``, at);
}

function readString(reader: Reader): Token {
  const { program } = reader;
  const start = reader.at;
  const parts: (string | Token[])[] = [];
  let text = "";
  for (let at = start + 1; at < program.length; at += 1) {
    const character = program[at] as string;
    if (character === '"') {
      reader.at = at + 1;
      return { kind: "string", text: '"', parts: [...parts, text], at: start };
    }
    if (character !== "\\") {
      text += character;
      continue;
    }
    at += 1;
    const escaped = program[at] ?? "";
    if (escaped === "(") {
      reader.at = at + 1;
      parts.push(text, readInner(reader));
      text = "";
      at = reader.at - 1;
    } else if (escaped === "u") {
      text += unicode(program.slice(at + 1, at + 5), at);
      at += 4;
    } else text += ESCAPES[escaped] ?? escaped;
  }
  throw syntaxError("a string is never closed", start);
}

/** The tokens up to the parenthesis that closes an interpolation. */
function readInner(reader: Reader): Token[] {
  const tokens: Token[] = [];
  for (let depth = 1; ; ) {
    const token = read(reader);
    if (token.kind === "end") throw syntaxError("`\\(` is never closed", token.at);
    if (token.text === "(" && token.kind === "mark") depth += 1;
    if (token.text === ")" && token.kind === "mark") depth -= 1;
    if (depth === 0) return [...tokens, { kind: "end", text: ")", at: token.at }];
    tokens.push(token);
  }
}

function unicode(digits: string, at: number): string {
  if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw syntaxError("`\\u` needs four hexadecimal digits", at);
  return String.fromCharCode(Number.parseInt(digits, 16));
}

/** The error for a program that is not jq, with the place counted from 1. */
export function syntaxError(message: string, at: number): ExpressionError {
  return new ExpressionError(`The jq program cannot be parsed: ${message}, at character ${at + 1}.`);
}
