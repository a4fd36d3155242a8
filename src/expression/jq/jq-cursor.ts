import type { Node } from "./jq-syntax.ts";
import { syntaxError, type Token } from "./jq-tokens.ts";

/** Deeper than anybody writes, and far from the end of the stack. */
const DEEPEST = 150;

/** A program and how far it is parsed, with the ways to parse its larger parts, which contain each other. */
export interface Parser {
  tokens: Token[];
  at: number;
  depth: number;
  readonly grammar: Grammar;
}

export interface Grammar {
  pipe(parser: Parser): Node;
  /** Operators that bind at least so tightly. */
  operators(parser: Parser, least: number): Node;
  /** The tokens within a string. */
  inner(tokens: Token[], depth: number): Node;
}

/** The token that comes next. */
export function peek(parser: Parser): Token {
  return parser.tokens[parser.at] as Token;
}

/** Takes the next token. */
export function next(parser: Parser): Token {
  const token = peek(parser);
  if (token.kind !== "end") parser.at += 1;
  else parser.at = parser.tokens.length - 1;
  if (token.kind === "end") throw unexpected(parser);
  return token;
}

/** Whether the token behind the next one is one of these. */
export function follows(parser: Parser, wanted: readonly string[]): boolean {
  const token = parser.tokens[parser.at + 1];
  return token !== undefined && wanted.includes(token.kind === "mark" ? token.text : token.kind);
}

/** Whether a keyword comes next. */
export function isWord(parser: Parser, text: string): boolean {
  const token = peek(parser);
  return token.kind === "name" && token.text === text;
}

/** Takes a keyword, which has to be there. */
export function word(parser: Parser, text: string): void {
  if (!isWord(parser, text)) throw unexpected(parser, `\`${text}\``);
  parser.at += 1;
}

/** Takes a mark if it is there. */
export function takeMark(parser: Parser, text: string): boolean {
  const token = peek(parser);
  if (token.kind !== "mark" || token.text !== text) return false;
  parser.at += 1;
  return true;
}

/** Takes a mark, which has to be there. */
export function mark(parser: Parser, text: string): void {
  if (!takeMark(parser, text)) throw unexpected(parser, `\`${text}\``);
}

/** Takes the name of a variable. */
export function variable(parser: Parser): string {
  const token = next(parser);
  if (token.kind !== "variable") throw unexpected(parser, "a variable");
  return token.text.slice(1);
}

/** The error for what comes next. */
export function unexpected(parser: Parser, wanted?: string) {
  const token = peek(parser);
  const found = token.kind === "end" ? "the end of the program" : `\`${token.text}\``;
  return syntaxError(
    wanted === undefined ? `unexpected ${found}` : `expected ${wanted}, got ${found}`,
    token.at,
  );
}

/** Goes one level deeper. */
export function nested<T>(parser: Parser, parse: () => T): T {
  parser.depth += 1;
  if (parser.depth > DEEPEST) throw syntaxError("it is nested too deeply", peek(parser).at);
  const result = parse();
  parser.depth -= 1;
  return result;
}
