import { floatOf } from "../numbers.ts";
import {
  follows,
  type Grammar,
  isWord,
  mark,
  nested,
  next,
  type Parser,
  peek,
  takeMark,
  unexpected,
  variable,
  word,
} from "./jq-cursor.ts";
import { OPERATORS, operation } from "./jq-operators.ts";
import { parseObject, parsePattern, stringOf } from "./jq-structures.ts";
import type { Definition, Node, Pattern } from "./jq-syntax.ts";
import { syntaxError, type Token, tokenize } from "./jq-tokens.ts";
import { whole } from "./jq-values.ts";

const KEYWORDS = [
  "def",
  "if",
  "then",
  "elif",
  "else",
  "end",
  "as",
  "reduce",
  "foreach",
  "try",
  "catch",
  "label",
  "import",
  "include",
  "and",
  "or",
];

/** Parses a jq program. Throws ExpressionError. */
export function parseJq(program: string): Node {
  return parseTokens(tokenize(program), 0);
}

const grammar: Grammar = { pipe: parsePipe, operators: parseOperators, inner: parseTokens };

function parseTokens(tokens: Token[], depth: number): Node {
  const parser: Parser = { tokens, at: 0, depth, grammar };
  const node = parsePipe(parser);
  if (peek(parser).kind !== "end") throw unexpected(parser);
  return node;
}

function parsePipe(parser: Parser): Node {
  return nested(parser, () => {
    if (isWord(parser, "def")) {
      const definition = parseDefinition(parser);
      return { kind: "define", definition, body: parsePipe(parser) };
    }
    if (isWord(parser, "label")) {
      next(parser);
      const name = variable(parser);
      mark(parser, "|");
      return { kind: "label", name, body: parsePipe(parser) };
    }
    const left = parseOperators(parser, 2);
    if (!takeMark(parser, "|")) return left;
    return { kind: "pipe", left, right: parsePipe(parser) };
  });
}

function parseOperators(parser: Parser, least: number): Node {
  let left = parseUnary(parser);
  for (;;) {
    const token = peek(parser);
    const isOperator = token.kind === "mark" || token.kind === "name";
    const found = isOperator && Object.hasOwn(OPERATORS, token.text) ? OPERATORS[token.text] : undefined;
    if (found === undefined || found[0] < least) return left;
    next(parser);
    const [precedence, grouping] = found;
    const right = nested(parser, () =>
      parseOperators(parser, grouping === "r" ? precedence : precedence + 1),
    );
    left = operation(token.text, left, right);
    const following = peek(parser);
    if (
      grouping === "n" &&
      Object.hasOwn(OPERATORS, following.text) &&
      OPERATORS[following.text]?.[0] === precedence
    )
      throw unexpected(parser);
  }
}

function parseUnary(parser: Parser): Node {
  if (takeMark(parser, "-")) return nested(parser, () => ({ kind: "negate", body: parseUnary(parser) }));
  const term = parsePostfix(parser);
  if (!isWord(parser, "as")) return term;
  next(parser);
  const pattern = parsePattern(parser);
  mark(parser, "|");
  return { kind: "bind", source: term, pattern, body: parsePipe(parser) };
}

function parsePostfix(parser: Parser): Node {
  // A group is no part, whatever stands in it.
  let isPart = peek(parser).text !== "(";
  let node = parseTerm(parser);
  for (;;) {
    const token = peek(parser);
    if (token.kind === "field") {
      next(parser);
      node = { kind: "index", target: node, key: { kind: "literal", value: token.text.slice(1) } };
    } else if (token.kind === "mark" && token.text === "." && follows(parser, ["string", "["])) {
      next(parser);
      node =
        peek(parser).kind === "string"
          ? { kind: "index", target: node, key: parseTerm(parser) }
          : parseBrackets(parser, node);
    } else if (token.kind === "mark" && token.text === "[") node = parseBrackets(parser, node);
    else if (takeMark(parser, "?")) {
      node = withoutError(node, isPart);
      isPart = false;
      continue;
    } else return node;
    isPart = true;
  }
}

/** What `?` stands behind: a part that may be missing, or anything that may fail. */
function withoutError(node: Node, isPart: boolean): Node {
  return isPart && (node.kind === "index" || node.kind === "slice" || node.kind === "iterate")
    ? { ...node, isOptional: true }
    : { kind: "try", body: node, handler: undefined };
}

function parseBrackets(parser: Parser, target: Node): Node {
  mark(parser, "[");
  if (takeMark(parser, "]")) return { kind: "iterate", target };
  const from = takeMark(parser, ":") ? undefined : parsePipe(parser);
  if (from !== undefined && takeMark(parser, "]")) return { kind: "index", target, key: from };
  if (from !== undefined) mark(parser, ":");
  const isOpen = peek(parser).text === "]" && peek(parser).kind === "mark";
  const to = isOpen ? undefined : parsePipe(parser);
  if (from === undefined && to === undefined) throw unexpected(parser);
  mark(parser, "]");
  return { kind: "slice", target, from, to };
}

function parseTerm(parser: Parser): Node {
  const token = next(parser);
  switch (token.kind) {
    case "number":
      return { kind: "literal", value: numberOf(token) };
    case "string":
      return stringOf(token, undefined, parser);
    case "field":
      return {
        kind: "index",
        target: { kind: "identity" },
        key: { kind: "literal", value: token.text.slice(1) },
      };
    case "format":
      return peek(parser).kind === "string"
        ? stringOf(next(parser), token.text, parser)
        : { kind: "format", name: token.text };
    case "variable":
      return { kind: "variable", name: token.text.slice(1) };
    case "name":
      return parseWord(parser, token);
    case "mark":
      return parseMark(parser, token);
    default:
      parser.at -= 1;
      throw unexpected(parser);
  }
}

function parseMark(parser: Parser, token: Token): Node {
  if (token.text === "..") return { kind: "recurse" };
  if (token.text === ".") {
    if (peek(parser).kind === "string")
      return { kind: "index", target: { kind: "identity" }, key: parseTerm(parser) };
    return { kind: "identity" };
  }
  if (token.text === "(") {
    const body = parsePipe(parser);
    mark(parser, ")");
    return body;
  }
  if (token.text === "[") {
    if (takeMark(parser, "]")) return { kind: "array", body: undefined };
    const body = parsePipe(parser);
    mark(parser, "]");
    return { kind: "array", body };
  }
  if (token.text === "{") return parseObject(parser);
  parser.at -= 1;
  throw unexpected(parser);
}

function parseWord(parser: Parser, token: Token): Node {
  switch (token.text) {
    case "if":
      return parseIf(parser);
    case "try": {
      const body = nested(parser, () => parsePostfixOnly(parser));
      if (!isWord(parser, "catch")) return { kind: "try", body, handler: undefined };
      next(parser);
      return { kind: "try", body, handler: nested(parser, () => parsePostfixOnly(parser)) };
    }
    case "reduce": {
      const [source, pattern] = parseSource(parser);
      const [start, update] = parseArguments(parser, 2, 2);
      return { kind: "reduce", source, pattern, start: start as Node, update: update as Node };
    }
    case "foreach": {
      const [source, pattern] = parseSource(parser);
      const [start, update, extract] = parseArguments(parser, 2, 3);
      return { kind: "foreach", source, pattern, start: start as Node, update: update as Node, extract };
    }
    case "break":
      return { kind: "break", name: variable(parser) };
    case "true":
    case "false":
      return { kind: "literal", value: token.text === "true" };
    case "null":
      return { kind: "literal", value: null };
    default:
      if (KEYWORDS.includes(token.text)) {
        parser.at -= 1;
        throw unexpected(parser);
      }
      return {
        kind: "call",
        name: token.text,
        args: peek(parser).text === "(" && peek(parser).kind === "mark" ? parseArguments(parser, 1, 10) : [],
      };
  }
}

/** `try` takes a term with what stands behind it, but no `?` of its own handler. */
function parsePostfixOnly(parser: Parser): Node {
  return takeMark(parser, "-") ? { kind: "negate", body: parsePostfix(parser) } : parsePostfix(parser);
}

function parseSource(parser: Parser): [Node, Pattern] {
  const source = nested(parser, () => parsePostfix(parser));
  word(parser, "as");
  return [source, parsePattern(parser)];
}

function parseArguments(parser: Parser, least: number, most: number): Node[] {
  mark(parser, "(");
  const args = [parsePipe(parser)];
  while (takeMark(parser, ";")) args.push(parsePipe(parser));
  if (args.length < least || args.length > most) throw unexpected(parser);
  mark(parser, ")");
  return args;
}

function parseIf(parser: Parser): Node {
  const condition = parsePipe(parser);
  word(parser, "then");
  const then = parsePipe(parser);
  if (isWord(parser, "elif")) {
    next(parser);
    return { kind: "if", condition, then, otherwise: nested(parser, () => parseIf(parser)) };
  }
  word(parser, "else");
  const otherwise = parsePipe(parser);
  word(parser, "end");
  return { kind: "if", condition, then, otherwise };
}

function parseDefinition(parser: Parser): Definition {
  word(parser, "def");
  const name = next(parser).text;
  const parameters: string[] = [];
  if (takeMark(parser, "(")) {
    do parameters.push(next(parser).text);
    while (takeMark(parser, ";"));
    mark(parser, ")");
  }
  if (![name, ...parameters].every((one) => /^\$?[A-Za-z_]\w*$/.test(one))) throw unexpected(parser);
  mark(parser, ":");
  const body = parsePipe(parser);
  mark(parser, ";");
  return { name, parameters, body };
}

function numberOf({ text, at }: Token): unknown {
  if (/[.eE]/.test(text)) return floatOf(Number(text));
  if (Number(text) >= 2 ** 64 || BigInt(text) >= 2n ** 63n)
    throw syntaxError(`the number ${text.slice(0, 40)} is too large`, at);
  return whole(BigInt(text));
}
