import type { Token } from "nunjucks/src/lexer.js";
import nodes, { type Node, type NodeList } from "nunjucks/src/nodes.js";
import { ExpressionSyntaxError } from "./expression-error.ts";
import {
  Binary,
  Coalesce,
  Filter,
  FilterBlock,
  LARGEST_LONG,
  LOADING_TAGS,
  lateArgument,
  OPERANDS,
  Pair,
  SMALLEST_LONG,
  sentenceOf,
  slipOf,
  TAGS,
  Ternary,
  Test,
  Unary,
} from "./parser-nodes.ts";
import { OPERATOR_WORDS, PRECEDENCES, UNARY_PRECEDENCE } from "./precedences.ts";
import { type Block, FILTERED_BODY } from "./syntax-tree.ts";
import { TextParser } from "./text-parser.ts";
import { PebbleTokenizer } from "./tokenizer.ts";

/** Parses a template into the nodes of syntax-tree.ts. Throws ExpressionSyntaxError. */
export function parse(source: string): Block {
  try {
    return new PebbleParser(new PebbleTokenizer(source)).parseAsRoot() as unknown as Block;
  } catch (error) {
    if (error instanceof RangeError)
      throw new ExpressionSyntaxError("The template is nested too deeply.", 1, 1);
    throw error;
  }
}

/** Deeper than anybody writes, and far from the end of the stack. */
const DEEPEST = 200;

class PebbleParser extends TextParser {
  // Set in enter(): nunjucks's constructor calls init() before a field of ours would exist.
  declare private depth: number | undefined;

  error(message: string, lineno?: number, colno?: number): ExpressionSyntaxError {
    const next = lineno === undefined ? this.peekToken() : null;
    const place = lineno === undefined ? next : { lineno, colno: colno ?? 0 };
    return new ExpressionSyntaxError(
      slipOf(message, next) ?? sentenceOf(message),
      (place?.lineno ?? 0) + 1,
      (place?.colno ?? 0) + 1,
    );
  }

  /** Precedence climbing, then the ternary, as in Pebble. */
  override parseExpression(least = 0): Node {
    return this.nested(() => {
      let left = this.parseOperand();
      for (
        let operator = this.nextOperator(least);
        operator !== undefined;
        operator = this.nextOperator(least)
      ) {
        left = this.parseRight(left, operator);
      }
      return least === 0 ? this.parseTernary(left) : left;
    });
  }

  override parsePrimary(withoutPostfix?: boolean): Node {
    const token = this.peekToken();
    if (token === null || !OPERANDS.includes(token.type)) {
      this.fail(`expected an expression, got \`${token?.value}\``, token?.lineno, token?.colno);
    }
    if (token.type === "int" || token.type === "float") return this.parsePostfix(this.parseNumber(token));
    if (token.type === "symbol" && OPERATOR_WORDS.includes(token.value))
      this.fail(`\`${token.value}\` is an operator, not a name`, token.lineno, token.colno);
    return super.parsePrimary(withoutPostfix);
  }

  override parsePostfix(node: Node): Node {
    const next = this.peekToken();
    if (
      (node.typename === "Array" || node.typename === "Dict") &&
      [".", "[", "("].includes(next?.value ?? "")
    )
      this.fail(
        `a ${node.typename === "Array" ? "list" : "map"} that is written out needs parentheses before \`${next?.value}\``,
        next?.lineno,
        next?.colno,
      );
    const whole = super.parsePostfix(node);
    for (
      let at: Node & { target?: Node; val?: Node | null } = whole;
      at.typename === "LookupVal" && at.target !== undefined;
    ) {
      if (at.val === null) this.fail("an index is missing between `[` and `]`", at.lineno, at.colno);
      at = at.target;
    }
    return whole;
  }

  override parseStatement(): Node | null {
    const tag = this.peekToken();
    if (tag?.type !== "symbol") this.fail("a tag needs a name", tag?.lineno, tag?.colno);
    if (this.breakOnBlocks?.includes(tag.value)) return null;
    if (LOADING_TAGS.includes(tag.value)) {
      this.fail(
        `the tag \`${tag.value}\` is not available: a template cannot load another one`,
        tag.lineno,
        tag.colno,
      );
    }
    if (!TAGS.includes(tag.value)) this.fail(`unknown tag \`${tag.value}\``, tag.lineno, tag.colno);
    return this.nested(() => super.parseStatement());
  }

  override parseIf(): Node {
    const tag = this.peekToken();
    if (tag?.value === "elif") this.fail("unknown tag `elif`: write `elseif`", tag.lineno, tag.colno);
    return this.nested(() => super.parseIf());
  }

  /** nunjucks's, except that the keys of a map are expressions. */
  override parseAggregate(): Node | null {
    const opening = this.peekToken();
    if (opening?.type !== "left-curly") return super.parseAggregate();
    this.nextToken();
    const pairs: Node[] = [];
    while (!this.skip("right-curly")) {
      if (pairs.length > 0 && !this.skip("comma")) this.fail("expected `,` or `}` behind an entry of a map");
      const key = this.parseExpression();
      if (!this.skip("colon")) this.fail("expected `:` behind the key of a map");
      pairs.push(new Pair(key.lineno, key.colno, key, this.parseExpression()));
    }
    return new nodes.Dict(opening.lineno, opening.colno, pairs);
  }

  /** Named arguments stand behind the others. */
  override parseSignature(): NodeList {
    const signature = super.parseSignature();
    const late = lateArgument(signature);
    if (late !== undefined)
      this.fail("arguments without a name stand before those with one", late.lineno, late.colno);
    return signature;
  }

  /** What stands in the definition of a macro are names, any of them with a default. */
  override parseMacro(): Node {
    const tag = this.nextToken() as Token;
    const name = this.parseWord("the name of the macro");
    const opening = this.peekToken() as Token;
    if (!this.skip("left-paren")) this.fail("expected `(` and the parameters of the macro");
    const parameters: Node[] = [];
    while (!this.skip("right-paren")) {
      if (parameters.length > 0 && !this.skip("comma"))
        this.fail("expected `,` or `)` behind a parameter of a macro");
      parameters.push(this.parseParameter());
    }
    const { lineno, colno } = opening;
    const macro = new nodes.Macro(tag.lineno, tag.colno, name, new nodes.NodeList(lineno, colno, parameters));
    this.advanceAfterBlockEnd(tag.value);
    const body = this.parseUntilBlocks("endmacro");
    this.advanceAfterBlockEnd();
    return Object.assign(macro, { body });
  }

  override parseFor(): Node {
    const loop = super.parseFor() as Node & { name: Node };
    if (loop.name.typename !== "Symbol") this.fail("a loop has one variable", loop.lineno, loop.colno);
    return loop;
  }

  override parseSet(): Node {
    const set = super.parseSet() as Node & { targets: Node[]; value: Node | null };
    if (set.targets.length !== 1 || set.targets[0]?.typename !== "Symbol" || set.value === null) {
      this.fail("write `{% set name = value %}`", set.lineno, set.colno);
    }
    return set;
  }

  /** `{% filter a | b %}`: its body goes through the filters. */
  override parseFilterStatement(): Node {
    const tag = this.nextToken() as Token;
    let filtered: Node = new nodes.Symbol(tag.lineno, tag.colno, FILTERED_BODY);
    do {
      const name = this.parseWord("the name of a filter");
      filtered = new Filter(name.lineno, name.colno, name, filtered, this.parseOptionalArguments());
    } while (this.skip("pipe"));
    this.advanceAfterBlockEnd("filter");
    const body = this.parseUntilBlocks("endfilter");
    this.advanceAfterBlockEnd();
    return new FilterBlock(tag.lineno, tag.colno, filtered, body);
  }

  private parseOperand(): Node {
    const token = this.peekToken() as Token;
    const isSign = token.type === "operator" && (token.value === "-" || token.value === "+");
    if (!isSign && !(token.type === "symbol" && token.value === "not")) return this.parsePrimary();
    this.nextToken();
    const target = this.parseExpression(UNARY_PRECEDENCE);
    return new Unary(token.lineno, token.colno, token.value, target);
  }

  private parseNumber(token: Token): Node {
    this.nextToken();
    const place = [token.lineno, token.colno] as const;
    if (token.type === "float")
      return Object.assign(new nodes.Literal(...place, Number(token.value)), { isFloat: true });
    // Converting a text of a million digits would take long.
    const value = token.value.length > 30 ? LARGEST_LONG + 1n : BigInt(token.value);
    if (value < SMALLEST_LONG || value > LARGEST_LONG) this.fail("the number is too large", ...place);
    return new nodes.Literal(...place, value);
  }

  /** Takes the next operator if it binds at least as tightly as `least`. */
  private nextOperator(least: number): Token | undefined {
    const token = this.nextToken();
    if (token === null) return undefined;
    const word = token.value;
    const isOperator = ["operator", "symbol", "tilde", "pipe"].includes(token.type);
    const precedence = isOperator && Object.hasOwn(PRECEDENCES, word) ? PRECEDENCES[word] : undefined;
    if (precedence === undefined || precedence < least) {
      this.pushToken(token);
      return undefined;
    }
    return token;
  }

  private parseRight(left: Node, operator: Token): Node {
    const { lineno, colno, value } = operator;
    if (value === "|") {
      const name = this.parseWord("the name of a filter");
      return new Filter(name.lineno, name.colno, name, left, this.parseOptionalArguments());
    }
    if (value === "is") {
      const isNegated = this.skipSymbol("not");
      if (this.skipSymbol("in"))
        this.fail(`\`is in\` is no test: write \`${isNegated ? "not (a isIn b)" : "a isIn b"}\``);
      const name = this.parseWord("the name of a test");
      return new Test(name.lineno, name.colno, left, name, this.parseOptionalArguments(), isNegated);
    }
    const right = this.parseExpression((PRECEDENCES[value] ?? 0) + 1);
    if (value === "??" || value === "???") return new Coalesce(lineno, colno, value, left, right);
    return new Binary(lineno, colno, value, left, right);
  }

  private parseTernary(condition: Node): Node {
    const token = this.peekToken();
    if (token?.type !== "operator" || token.value !== "?") return condition;
    this.nextToken();
    const whenTrue = this.parseExpression();
    if (!this.skip("colon")) this.fail("expected `:` of `condition ? a : b`");
    return new Ternary(token.lineno, token.colno, condition, whenTrue, this.parseExpression());
  }

  private parseWord(what: string): Node {
    const token = this.nextToken();
    // `is null` and `is none` are names of tests, not values.
    if (token === null || (token.type !== "symbol" && token.type !== "none")) {
      this.fail(`expected ${what}`, token?.lineno, token?.colno);
    }
    return new nodes.Symbol(token.lineno, token.colno, token.value);
  }

  private parseParameter(): Node {
    const name = this.parseWord("the name of a parameter");
    const next = this.peekToken();
    if (next?.type !== "operator" || next.value !== "=") return name;
    this.nextToken();
    const { lineno, colno } = name;
    return new nodes.KeywordArgs(lineno, colno, [new Pair(lineno, colno, name, this.parseExpression())]);
  }

  private parseOptionalArguments(): NodeList {
    const token = this.peekToken();
    if (token?.type === "left-paren") return this.parseSignature();
    return new nodes.NodeList(token?.lineno ?? 0, token?.colno ?? 0, []);
  }

  private nested<T>(parseInner: () => T): T {
    this.depth = (this.depth ?? 0) + 1;
    if (this.depth > DEEPEST) this.fail("the template is nested too deeply");
    const result = parseInner();
    this.depth -= 1;
    return result;
  }
}
