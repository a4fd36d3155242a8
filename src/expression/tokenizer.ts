import type { Token } from "nunjucks/src/lexer.js";
import lexer from "nunjucks/src/lexer.js";
import { ExpressionSyntaxError } from "./expression-error.ts";
import { OPERATOR_WORDS } from "./precedences.ts";

// nunjucks exports the function that makes a tokenizer, not the class.
const Tokenizer = lexer.lex("").constructor as new (source: string) => lexer.Tokenizer;

const OPENING = /\{[{%#]/g;
const WHITESPACE = /[\s\u00a0]+/y;
const NAME = /[\p{L}_][\p{L}\p{Nd}_]*/uy;
const NUMBER = /\d+(?:\.\d+)?/y;
const DIGITS = /\d+/y;
const OPERATOR = /\?\?\?|\?\?|\.\.|==|!=|>=|<=|[-+*/%<>=.?|~:,()[\]{}]/y;

/** Operators of other languages, and what they are called here. */
const FOREIGN = /===|!==|<>|&&|\|\||!(?!=)/y;
const OWN: Readonly<Record<string, string>> = {
  "===": "==",
  "!==": "!=",
  "<>": "!=",
  "&&": "and",
  "||": "or",
  "!": "not",
};

const CLOSING_BRACKETS: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

const OPERATOR_TYPES: Readonly<Record<string, string>> = {
  "(": "left-paren",
  ")": "right-paren",
  "[": "left-bracket",
  "]": "right-bracket",
  "{": "left-curly",
  "}": "right-curly",
  ",": "comma",
  ":": "colon",
  "~": "tilde",
  "|": "pipe",
};

/** Pebble's tokens in nunjucks's shapes: `?`, `??`, `..`, strings that keep their backslashes, `"#{…}"`, and `}}` inside of a map. */
export class PebbleTokenizer extends Tokenizer {
  /** The closing brackets that are due, innermost last. */
  private openBrackets: string[] = [];
  private afterDot = false;
  /** The last tag that `takeUntil` found. */
  taken = "";
  /** Tokens that are read already, the next one last. */
  private readonly pending: Token[] = [];

  override nextToken(): Token | null {
    const waiting = this.pending.pop();
    if (waiting !== undefined) return waiting;
    return this.in_code ? this.nextInCode() : this.nextInText();
  }

  /** The text from here to where `pattern` matches; the tokenizer then stands behind the match. */
  takeUntil(pattern: RegExp, missing: string): string {
    const start = this.index;
    pattern.lastIndex = start;
    const match = pattern.exec(this.str);
    if (match === null) throw this.failure(missing);
    this.advanceTo(pattern.lastIndex);
    this.taken = match[0];
    return this.str.slice(start, match.index);
  }

  /** Whether a sticky pattern matches what comes next. */
  isBefore(pattern: RegExp): boolean {
    pattern.lastIndex = this.index;
    return pattern.test(this.str);
  }

  private nextInText(): Token | null {
    if (this.index >= this.len) return null;
    const start = this.place();
    OPENING.lastIndex = this.index;
    const opening = OPENING.exec(this.str);
    if (opening === null || opening.index > this.index) {
      return this.token("data", this.advanceTo(opening?.index ?? this.len), start);
    }
    if (opening[0] === "{#") {
      const end = this.str.indexOf("#}", this.index + 2);
      if (end < 0) throw this.failure("A comment `{#` is never closed");
      return this.token("comment", this.advanceTo(end + 2), start);
    }
    // `{{-1 }}` is a negative number.
    const isTrimming = /^-\s/.test(this.str.slice(this.index + 2, this.index + 4));
    const text = this.advanceTo(this.index + (isTrimming ? 3 : 2));
    this.in_code = true;
    this.openBrackets = [];
    return this.token(opening[0] === "{%" ? "block-start" : "variable-start", text, start);
  }

  private nextInCode(): Token {
    this.match(WHITESPACE);
    const start = this.place();
    if (this.index >= this.len) throw this.failure("Expected `}}` or `%}`, got the end of the template");
    const end = this.openBrackets.length === 0 ? this.closing() : undefined;
    if (end !== undefined) {
      this.in_code = false;
      return this.token(
        end.endsWith("}}") ? "variable-end" : "block-end",
        this.advanceTo(this.index + end.length),
        start,
      );
    }
    const wasAfterDot = this.afterDot;
    this.afterDot = false;
    const name = this.match(NAME);
    if (name !== undefined) return this.word(name, wasAfterDot, start);
    const digits = wasAfterDot ? this.match(DIGITS) : undefined;
    if (digits !== undefined)
      throw misplaced(`A number cannot stand behind a dot: write \`[${digits.slice(0, 20)}]\`.`, start);
    const number = this.match(NUMBER);
    if (number !== undefined) {
      const isWhole = /^\d+$/.test(number);
      if (isWhole && this.str[this.index] === "L") this.advanceTo(this.index + 1);
      return this.token(isWhole ? "int" : "float", number, start);
    }
    const quote = this.str[this.index];
    if (quote === '"' || quote === "'") return this.string(quote, start);
    const foreign = this.match(FOREIGN);
    if (foreign !== undefined)
      throw misplaced(`\`${foreign}\` is no operator: write \`${OWN[foreign]}\`.`, start);
    const operator = this.match(OPERATOR);
    if (operator === undefined) throw this.failure(`Unexpected character \`${quote}\``);
    const due = CLOSING_BRACKETS[operator];
    if (due !== undefined) this.openBrackets.push(due);
    else if (")]}".includes(operator) && this.openBrackets.pop() !== operator)
      throw this.failure(`Unexpected \`${operator}\``);
    this.afterDot = operator === ".";
    return this.token(OPERATOR_TYPES[operator] ?? "operator", operator, start);
  }

  private closing(): string | undefined {
    const at = this.str[this.index] === "-" ? this.index + 1 : this.index;
    const end = this.str.slice(at, at + 2);
    return end === "}}" || end === "%}" ? this.str.slice(this.index, at + 2) : undefined;
  }

  private word(name: string, isAttribute: boolean, start: Token): Token {
    if (isAttribute && OPERATOR_WORDS.includes(name))
      throw misplaced(`\`${name}\` is an operator, not a name: write \`['${name}']\`.`, start);
    if (isAttribute) return this.token("symbol", name, start);
    if (/^(?:true|TRUE|false|FALSE)$/.test(name)) return this.token("boolean", name.toLowerCase(), start);
    if (/^(?:null|NULL|none|NONE)$/.test(name)) return this.token("none", name, start);
    return this.token("symbol", name, start);
  }

  /** A string; `"a #{b} c"` comes out as the tokens of `("a " ~ (b) ~ " c")`. */
  private string(quote: string, start: Token): Token {
    this.forward();
    const parts: Token[] = [];
    let hadParts = 0;
    for (;;) {
      const { text, written, isOpen } = this.stringPart(quote);
      // Around `#{…}` not even the quote is unescaped.
      parts.push(this.token("string", isOpen || parts.length > 0 ? written : text, start));
      if (!isOpen) break;
      hadParts += 1;
      parts.push(this.token("tilde", "~", start), this.token("left-paren", "(", start));
      for (const token of this.interpolation()) parts.push(token);
      parts.push(this.token("right-paren", ")", start), this.token("tilde", "~", start));
    }
    if (parts.length === 1) return parts[0] as Token;
    // `"#{x}"` is the value itself, no text.
    const isValue = hadParts === 1 && parts[0]?.value === "" && parts.at(-1)?.value === "";
    if (isValue) parts.splice(0, parts.length, ...parts.slice(3, -2));
    else parts.push(this.token("right-paren", ")", start));
    for (const part of parts.reverse()) this.pending.push(part);
    return this.token("left-paren", "(", start);
  }

  private stringPart(quote: string): { text: string; written: string; isOpen: boolean } {
    const start = this.index;
    let text = "";
    let from = start;
    for (let at = this.index; at < this.len; at += 1) {
      const character = this.str[at];
      if (character === quote) {
        text += this.str.slice(from, at);
        this.advanceTo(at + 1);
        return { text, written: this.str.slice(start, at), isOpen: false };
      }
      if (character === "\\") {
        // Pebble unescapes the string's own quote and leaves every other backslash where it is.
        if (this.str[at + 1] === quote) {
          text += this.str.slice(from, at);
          from = at + 1;
        }
        at += 1;
      } else if (character === "#" && quote === '"' && this.str[at + 1] === "{") {
        text += this.str.slice(from, at);
        this.advanceTo(at + 2);
        return { text, written: this.str.slice(start, at), isOpen: true };
      }
    }
    throw this.failure(`A string is never closed with ${quote}`);
  }

  private interpolation(): Token[] {
    const outside = this.openBrackets;
    const tokens: Token[] = [];
    this.openBrackets = ["}"];
    for (;;) {
      const token = this.pending.pop() ?? this.nextInCode();
      if (token.type === "right-curly" && this.openBrackets.length === 0 && this.pending.length === 0) break;
      tokens.push(token);
    }
    this.openBrackets = outside;
    return tokens;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.index;
    const found = pattern.exec(this.str)?.[0];
    if (found !== undefined) this.advanceTo(this.index + found.length);
    return found;
  }

  private advanceTo(index: number): string {
    const passed = this.str.slice(this.index, index);
    const lastBreak = passed.lastIndexOf("\n");
    if (lastBreak < 0) this.colno += passed.length;
    else {
      for (let at = passed.indexOf("\n"); at >= 0; at = passed.indexOf("\n", at + 1)) this.lineno += 1;
      this.colno = passed.length - lastBreak - 1;
    }
    this.index = index;
    return passed;
  }

  private place(): Token {
    return { type: "", value: "", lineno: this.lineno, colno: this.colno };
  }

  private token(type: string, value: string, start: Token): Token {
    return { type, value, lineno: start.lineno, colno: start.colno };
  }

  private failure(message: string): ExpressionSyntaxError {
    return new ExpressionSyntaxError(`${message}.`, this.lineno + 1, this.colno + 1);
  }
}

function misplaced(message: string, { lineno, colno }: Token): ExpressionSyntaxError {
  return new ExpressionSyntaxError(message, lineno + 1, colno + 1);
}
