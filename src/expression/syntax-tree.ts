/** Where a node begins, both counted from 0, as nunjucks does. */
interface Place {
  lineno: number;
  colno: number;
}

/** A value that does not change: a whole number is a bigint. `isFloat` tells a float, as `2.0` is one. */
export interface Literal extends Place {
  typename: "Literal";
  value: string | number | bigint | boolean | null;
  isFloat?: boolean;
}
export interface Name extends Place {
  typename: "Symbol";
  value: string;
}
export interface Lookup extends Place {
  typename: "LookupVal";
  target: Expression;
  val: Expression;
}
export interface Pair extends Place {
  typename: "Pair";
  key: Expression;
  value: Expression;
}
export interface KeywordArguments extends Place {
  typename: "KeywordArgs";
  children: Pair[];
}
export interface Arguments extends Place {
  children: (Expression | KeywordArguments)[];
}
export interface Call extends Place {
  typename: "FunCall";
  name: Expression;
  args: Arguments;
}
export interface Filter extends Place {
  typename: "Filter";
  name: Name;
  target: Expression;
  args: Arguments;
}
export interface Test extends Place {
  typename: "Test";
  target: Expression;
  name: Name;
  args: Arguments;
  isNegated: boolean;
}
export interface ListLiteral extends Place {
  typename: "Array";
  children: Expression[];
}
export interface MapLiteral extends Place {
  typename: "Dict";
  children: Pair[];
}
export interface Group extends Place {
  typename: "Group";
  children: Expression[];
}
export interface Unary extends Place {
  typename: "Unary";
  operator: "not" | "+" | "-";
  target: Expression;
}
export interface Binary extends Place {
  typename: "Binary";
  operator: string;
  left: Expression;
  right: Expression;
}
/** `??` takes null for missing, `???` does not. */
export interface Coalesce extends Place {
  typename: "Coalesce";
  left: Expression;
  right: Expression;
  operator: "??" | "???";
}
export interface Ternary extends Place {
  typename: "Ternary";
  condition: Expression;
  whenTrue: Expression;
  whenFalse: Expression;
}

export type Expression =
  | Literal
  | Name
  | Lookup
  | Call
  | Filter
  | Test
  | ListLiteral
  | MapLiteral
  | Group
  | Unary
  | Binary
  | Coalesce
  | Ternary;

export interface Text extends Place {
  typename: "TemplateData";
  value: string;
}
/** `{% raw %}`: its text survives every pass of a recursive render. */
export interface Raw extends Place {
  typename: "Raw";
  text: string;
}
export interface Output extends Place {
  typename: "Output";
  children: (Text | Raw | Expression)[];
}
export interface If extends Place {
  typename: "If";
  cond: Expression;
  body: Block;
  else_: Block | If | null;
}
export interface For extends Place {
  typename: "For";
  name: Name;
  arr: Expression;
  body: Block;
  else_: Block | null;
}
export interface SetVariable extends Place {
  typename: "Set";
  targets: Name[];
  value: Expression;
}
export interface Macro extends Place {
  typename: "Macro";
  name: Name;
  args: Arguments;
  body: Block;
}
export interface Block extends Place {
  typename: "NodeList" | "Root";
  children: Statement[];
}

/** `{% filter upper %}`: what its body prints goes through the filters. */
export interface FilterBlock extends Place {
  typename: "FilterBlock";
  /** The filters around the name FILTERED_BODY. */
  filtered: Expression;
  body: Block;
}

/** The name of what a filtered body has printed; nobody can write it. */
export const FILTERED_BODY = "{% filter %}";

export type Statement = Output | If | For | SetVariable | Macro | FilterBlock | Block;
