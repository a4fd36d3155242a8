// Types for the three nunjucks files we use: its lexer, its parser and its syntax tree. Its compiler and its loaders are never imported.

declare module "nunjucks/src/lexer.js" {
  namespace lexer {
    interface Token {
      type: string;
      value: string;
      lineno: number;
      colno: number;
    }
    interface Tokenizer {
      str: string;
      index: number;
      len: number;
      lineno: number;
      colno: number;
      in_code: boolean;
      nextToken(): Token | null;
      forward(): void;
    }
    function lex(source: string): Tokenizer;
  }
  export = lexer;
}

declare module "nunjucks/src/nodes.js" {
  namespace nodes {
    class Node {
      readonly typename: string;
      lineno: number;
      colno: number;
      constructor(lineno: number, colno: number, ...fields: unknown[]);
      static extend(name: string, properties: { fields: string[] }): typeof Node;
    }
    class NodeList extends Node {
      children: Node[];
    }
    const Literal: typeof Node;
    // biome-ignore lint/suspicious/noShadowRestrictedNames: the name is nunjucks's.
    const Symbol: typeof Node;
    const Dict: typeof Node;
    const KeywordArgs: typeof NodeList;
    const Macro: typeof Node;
    const TemplateData: typeof Node;
    const Output: typeof Node;
  }
  export = nodes;
}

declare module "nunjucks/src/parser.js" {
  import type { Token, Tokenizer } from "nunjucks/src/lexer.js";
  import type { Node, NodeList } from "nunjucks/src/nodes.js";

  namespace parser {
    class Parser {
      tokens: Tokenizer;
      breakOnBlocks: string[] | null;
      dropLeadingWhitespace: boolean;
      peeked: Token | null;
      constructor(tokens: Tokenizer);
      nextToken(): Token | null;
      peekToken(): Token | null;
      pushToken(token: Token | null): void;
      fail(message: string, lineno?: number, colno?: number): never;
      skip(type: string): boolean;
      skipSymbol(name: string): boolean;
      advanceAfterBlockEnd(name?: string): Token;
      advanceAfterVariableEnd(): void;
      parseExpression(): Node;
      parsePrimary(withoutPostfix?: boolean): Node;
      parsePostfix(node: Node): Node;
      parseSignature(): NodeList;
      parseAggregate(): Node | null;
      parseStatement(): Node | null;
      parseNodes(): Node[];
      parseRaw(tagName?: string): Node;
      parseIf(): Node;
      parseFor(): Node;
      parseMacro(): Node;
      parseSet(): Node;
      parseFilterStatement(): Node;
      parseUntilBlocks(...names: string[]): NodeList;
      parseAsRoot(): NodeList;
    }
  }
  export = parser;
}
