import type { Token } from "nunjucks/src/lexer.js";
import nodes, { type Node } from "nunjucks/src/nodes.js";
import nunjucks from "nunjucks/src/parser.js";
import { Raw } from "./parser-nodes.ts";
import type { PebbleTokenizer } from "./tokenizer.ts";

/** What stands between tags and expressions, and what of it is left out. */
export class TextParser extends nunjucks.Parser {
  declare tokens: PebbleTokenizer;

  override parseRaw(tagName = "raw"): Node {
    const tag = this.advanceAfterBlockEnd();
    let text = this.tokens.takeUntil(
      tagName === "raw" ? /\{%-?\s*endraw\s*-?%\}/g : /\{%-?\s*endverbatim\s*-?%\}/g,
      `\`{% ${tagName} %}\` is never closed`,
    );
    const ending = this.tokens.taken;
    // Pebble always trims what is verbatim at its beginning.
    if (tagName === "verbatim") text = ending.startsWith("{%-") ? text.trim() : text.trimStart();
    // Kestra takes what is raw out before blanks are looked at.
    this.dropLeadingWhitespace = tagName === "verbatim" && ending.endsWith("-%}");
    const place = [tag.lineno, tag.colno] as const;
    if (tagName === "verbatim" && text === "") return new nodes.NodeList(...place, []);
    const content = tagName === "raw" ? new Raw(...place, text) : new nodes.TemplateData(...place, text);
    return new nodes.Output(...place, [content]);
  }

  /** nunjucks's, except that it points at what stands in the place of the end. */
  override advanceAfterBlockEnd(name?: string): Token {
    const tag = name ?? (this.peekToken()?.type === "symbol" ? this.nextToken()?.value : undefined);
    const next = this.peekToken();
    if (name === undefined && tag === "else" && next?.value === "if")
      this.fail("`else if` is one word: write `elseif`", next.lineno, next.colno);
    if (tag !== undefined && next?.type !== "block-end") this.fail("expected `%}`");
    return super.advanceAfterBlockEnd(tag);
  }

  /** As nunjucks's, except that trimming takes linear time. */
  override parseNodes(): Node[] {
    const found: Node[] = [];
    for (let token = this.nextToken(); token !== null; token = this.nextToken()) {
      if (token.type === "data") found.push(...this.parseText(token));
      else if (token.type === "comment") this.dropLeadingWhitespace = dropsBehind(token.value);
      else if (token.type === "block-start") {
        this.dropLeadingWhitespace = false;
        const statement = this.parseStatement();
        if (statement === null) break;
        found.push(statement);
      } else if (token.type === "variable-start") {
        const expression = this.parseExpression();
        this.dropLeadingWhitespace = false;
        this.advanceAfterVariableEnd();
        found.push(new nodes.Output(token.lineno, token.colno, [expression]));
      }
    }
    return found;
  }

  /** Where a tag before it trims all of it away, it is not there, and not even an empty text. */
  private parseText(token: Token): Node[] {
    const next = this.peekToken();
    let text = this.dropLeadingWhitespace ? token.value.trimStart() : token.value;
    this.dropLeadingWhitespace = false;
    if (text === "") return [];
    const isTrimmed = next?.type.endsWith("-start")
      ? next.value.endsWith("-") && !this.tokens.isBefore(/\s*raw\s*-?%\}/y)
      : next?.type === "comment" && /^\{#-\s/.test(next.value);
    if (isTrimmed) text = text.trimEnd();
    const data = new nodes.TemplateData(token.lineno, token.colno, text);
    return [new nodes.Output(token.lineno, token.colno, [data])];
  }
}

/** Whether a comment trims what stands behind it; the `-` at its beginning trims what is before, if a blank follows. */
function dropsBehind(comment: string): boolean {
  return /\s-$/.test(comment.slice(2, -2).replace(/^-\s+/, ""));
}
