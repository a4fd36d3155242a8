import type {
  Arguments,
  Block,
  Expression,
  KeywordArguments,
  Pair,
  Statement,
} from "../expression/syntax-tree.ts";

/** A name in a template, and where it stands there (counted from 0). */
export interface NamePlace {
  name: string;
  lineno: number;
  colno: number;
}

/** A variable that a template certainly reads: nothing guards it, and no branch leads around it. */
export interface Reference extends NamePlace {
  /** The variable: `outputs`. */
  name: string;
  /** The first key taken from it, if it is written out: `a` of `outputs.a.uri`. */
  key: string | undefined;
}

/** The names that a template uses. */
export interface Names {
  references: Reference[];
  functions: NamePlace[];
  filters: NamePlace[];
}

type Node =
  | Expression
  | Statement
  | Arguments
  | KeywordArguments
  | Pair
  | { typename: "TemplateData" | "Raw" };

/** Walks the tree of a template. What it sets itself (loops, `set`, macros) is none of its references. */
export function namesOf(template: Block): Names {
  const names: Names = { references: [], functions: [], filters: [] };
  const locals = new Set<string>(["loop"]);
  collectLocals(template, locals);
  walk(template, true, names);
  names.references = names.references.filter(({ name }) => !locals.has(name));
  names.functions = names.functions.filter(({ name }) => !locals.has(name));
  return names;
}

/** `isCertain`: whether rendering always comes by here, and fails if a name is missing. */
function walk(node: Node | null | undefined, isCertain: boolean, names: Names): void {
  if (node === null || node === undefined) return;
  if (!("typename" in node)) {
    for (const argument of node.children) walk(argument, isCertain, names);
    return;
  }
  switch (node.typename) {
    case "Symbol":
      if (isCertain)
        names.references.push({ name: node.value, key: undefined, lineno: node.lineno, colno: node.colno });
      return;
    case "LookupVal": {
      const { target, val } = node;
      if (target.typename === "Symbol" && val.typename === "Literal") {
        const { lineno, colno } = target;
        if (isCertain) names.references.push({ name: target.value, key: String(val.value), lineno, colno });
        return;
      }
      walk(target, isCertain, names);
      walk(val, isCertain, names);
      return;
    }
    case "FunCall":
      if (node.name.typename === "Symbol") names.functions.push({ ...node.name, name: node.name.value });
      else walk(node.name, isCertain, names);
      walk(node.args, isCertain, names);
      return;
    case "Filter":
      names.filters.push({ ...node.name, name: node.name.value });
      walk(node.target, isCertain && node.name.value !== "default", names);
      walk(node.args, isCertain && node.name.value !== "default", names);
      return;
    case "Test":
      walk(node.target, false, names);
      walk(node.args, false, names);
      return;
    case "Binary":
      walk(node.left, isCertain, names);
      walk(node.right, isCertain && node.operator !== "and" && node.operator !== "or", names);
      return;
    case "Coalesce":
      walk(node.left, false, names);
      walk(node.right, false, names);
      return;
    case "Ternary":
      walk(node.condition, isCertain, names);
      walk(node.whenTrue, false, names);
      walk(node.whenFalse, false, names);
      return;
    case "Unary":
      walk(node.target, isCertain, names);
      return;
    case "Pair":
      walk(node.value, isCertain, names);
      // A bare word as the key of a map literal is text.
      if (node.key.typename !== "Symbol") walk(node.key, isCertain, names);
      return;
    case "If":
      walk(node.cond, isCertain, names);
      walk(node.body, false, names);
      walk(node.else_, false, names);
      return;
    case "For":
      walk(node.arr, isCertain, names);
      walk(node.body, false, names);
      walk(node.else_, false, names);
      return;
    case "Set":
      walk(node.value, isCertain, names);
      return;
    case "Macro":
      walk(node.body, false, names);
      return;
    case "Array":
    case "Dict":
    case "Group":
    case "KeywordArgs":
    case "Output":
    case "NodeList":
    case "Root":
      for (const child of node.children) walk(child, isCertain, names);
      return;
    default:
  }
}

function collectLocals(node: Statement | null, locals: Set<string>): void {
  switch (node?.typename) {
    case "For":
      locals.add(node.name.value);
      collectLocals(node.body, locals);
      collectLocals(node.else_, locals);
      return;
    case "If":
      collectLocals(node.body, locals);
      collectLocals(node.else_, locals);
      return;
    case "Set":
      for (const { value } of node.targets) locals.add(value);
      return;
    case "Macro":
      locals.add(node.name.value);
      for (const argument of node.args.children) {
        const parameters =
          argument.typename === "KeywordArgs" ? argument.children.map(({ key }) => key) : [argument];
        for (const parameter of parameters) if (parameter.typename === "Symbol") locals.add(parameter.value);
      }
      collectLocals(node.body, locals);
      return;
    case "NodeList":
    case "Root":
      for (const child of node.children) collectLocals(child, locals);
      return;
    default:
  }
}
