import { mark, nested, next, type Parser, peek, takeMark, unexpected, variable } from "./jq-cursor.ts";
import type { Node, Pattern } from "./jq-syntax.ts";
import type { Token } from "./jq-tokens.ts";

/** `{…}`, behind its opening. */
export function parseObject(parser: Parser): Node {
  const entries: { key: Node; value: Node }[] = [];
  while (!takeMark(parser, "}")) {
    if (entries.length > 0) mark(parser, ",");
    entries.push(parseEntry(parser));
  }
  return { kind: "object", entries };
}

function parseEntry(parser: Parser): { key: Node; value: Node } {
  const token = next(parser);
  let key: Node;
  let value: Node;
  if (token.kind === "variable") {
    key = { kind: "literal", value: token.text.slice(1) };
    value = { kind: "variable", name: token.text.slice(1) };
  } else if (token.kind === "mark" && token.text === "(") {
    key = parser.grammar.pipe(parser);
    mark(parser, ")");
    mark(parser, ":");
    return { key, value: parseEntryValue(parser) };
  } else {
    key = keyOf(parser, token);
    // What is no object has nothing under a key here.
    const none: Node = { kind: "literal", value: null };
    const found: Node = { kind: "index", target: { kind: "identity" }, key };
    value = { kind: "try", body: found, handler: none };
  }
  return takeMark(parser, ":") ? { key, value: parseEntryValue(parser) } : { key, value };
}

function keyOf(parser: Parser, token: Token): Node {
  if (token.kind === "string") return stringOf(token, undefined, parser);
  if (token.kind === "format" && peek(parser).kind === "string")
    return stringOf(next(parser), token.text, parser);
  if (token.kind === "name") return { kind: "literal", value: token.text };
  parser.at -= 1;
  throw unexpected(parser);
}

/** A value in an object: terms joined by `|`, so that a comma ends it. */
function parseEntryValue(parser: Parser): Node {
  const left = nested(parser, () => parser.grammar.operators(parser, 3));
  if (!takeMark(parser, "|")) return left;
  return { kind: "pipe", left, right: nested(parser, () => parseEntryValue(parser)) };
}

/** What stands behind `as`. */
export function parsePattern(parser: Parser): Pattern {
  return nested(parser, (): Pattern => {
    if (peek(parser).kind === "variable") return { kind: "name", name: variable(parser) };
    if (takeMark(parser, "[")) {
      const items = [parsePattern(parser)];
      while (takeMark(parser, ",")) items.push(parsePattern(parser));
      mark(parser, "]");
      return { kind: "list", items };
    }
    mark(parser, "{");
    const entries: (Pattern & { kind: "map" })["entries"] = [];
    do {
      const token = next(parser);
      let key: Node;
      if (token.kind === "variable") key = { kind: "literal", value: token.text.slice(1) };
      else if (token.text === "(" && token.kind === "mark") {
        key = parser.grammar.pipe(parser);
        mark(parser, ")");
      } else key = keyOf(parser, token);
      const value = takeMark(parser, ":") ? parsePattern(parser) : undefined;
      const name = token.kind === "variable" ? token.text.slice(1) : undefined;
      if (name === undefined && value === undefined) throw unexpected(parser);
      entries.push({ key, name, value });
    } while (takeMark(parser, ","));
    mark(parser, "}");
    return { kind: "map", entries };
  });
}

/** A string with what is interpolated in it. */
export function stringOf({ parts = [] }: Token, format: string | undefined, parser: Parser): Node {
  const nodes = parts.map((part) =>
    typeof part === "string" ? part : parser.grammar.inner(part, parser.depth + 1),
  );
  return { kind: "string", parts: nodes, format };
}
