import { charge } from "./budget.ts";
import { compileExpression } from "./compile-expression.ts";
import { type CompileScope, descend, type MacroDefinition, within } from "./compile-scope.ts";
import { ExpressionError, ExpressionSyntaxError, failing, MissingVariableError } from "./expression-error.ts";
import { compileGathering } from "./gathered-map.ts";
import { partsOfTemplate } from "./part-of-template.ts";
import { type Evaluate, type Execute, note, type Run, scopeOf, withScope, write } from "./run.ts";
import {
  type Arguments,
  type Block,
  type Expression,
  FILTERED_BODY,
  type FilterBlock,
  type For,
  type If,
  type Macro,
  type Output,
  type SetVariable,
  type Statement,
} from "./syntax-tree.ts";
import { entriesOf, isEntry, isList, isMap, isTrue, kindOf, writtenText } from "./values.ts";

/** Turns a whole template into one closure that writes. */
export function compileTemplate(root: Block, scope: CompileScope): Execute {
  return compileBlock(root, scope);
}

/** What must be known before anything is compiled: the template's own names and its macros. */
export function scopeOfTemplate(source: string, root: Block): CompileScope {
  const { locals, macros: nodes } = namesMadeIn(root);
  const macros = new Map<string, MacroDefinition>();
  const scope: CompileScope = { source, partOf: partsOfTemplate(source), locals, macros, depth: 0 };
  for (const node of nodes) {
    const parameters = parametersOf(node.args);
    const tag = within(scope, node);
    const defaults = parameters.map(({ value }) =>
      value === undefined ? undefined : compileDefault(value, tag),
    );
    if (macros.has(node.name.value)) throw fault(node, `The macro \`${node.name.value}\` is defined twice.`);
    macros.set(node.name.value, {
      name: node.name.value,
      parameters: parameters.map(({ name }) => name),
      defaults,
      body: undefined,
    });
  }
  for (const node of nodes) {
    const macro = macros.get(node.name.value);
    if (macro !== undefined) macro.body = compileBlock(node.body, scope);
  }
  return scope;
}

/** What a parameter of a macro is where nothing is given for it. */
function compileDefault(node: Expression, tag: CompileScope): Evaluate {
  const evaluate = compileExpression(node, tag);
  return (run) => {
    run.part = tag.source;
    return evaluate(run);
  };
}

/** The names that a template makes itself, and its macros. */
export function namesMadeIn(root: Block): { locals: Set<string>; macros: Macro[] } {
  const locals = new Set<string>();
  const macros: Macro[] = [];
  collect(root, locals, macros);
  for (const { args } of macros) for (const { name } of parametersOf(args)) locals.add(name);
  return { locals, macros };
}

function collect(node: Statement, locals: Set<string>, macros: Macro[]): void {
  if (node.typename === "Set") for (const target of node.targets) locals.add(target.value);
  if (node.typename === "For") {
    locals.add("loop");
    locals.add(node.name.value);
  }
  if (node.typename === "Macro") macros.push(node);
  if (node.typename === "FilterBlock") locals.add(FILTERED_BODY);
  for (const part of innerBlocks(node)) collect(part, locals, macros);
}

function innerBlocks(node: Statement): Statement[] {
  if (node.typename === "NodeList" || node.typename === "Root") return node.children;
  if (node.typename === "If" || node.typename === "For")
    return node.else_ === null ? [node.body] : [node.body, node.else_];
  return node.typename === "Macro" || node.typename === "FilterBlock" ? [node.body] : [];
}

/** The parameters of a macro, with their defaults. */
export function parametersOf(args: Arguments): { name: string; value: Expression | undefined }[] {
  const nameOf = (node: Expression): string => {
    if (node.typename !== "Symbol") throw fault(args, "The parameters of a macro are names.");
    return node.value;
  };
  return args.children.flatMap((child): { name: string; value: Expression | undefined }[] =>
    child.typename === "KeywordArgs"
      ? child.children.map(({ key, value }) => ({ name: nameOf(key), value }))
      : [{ name: nameOf(child), value: undefined }],
  );
}

function compileBlock(block: Block | If, scope: CompileScope): Execute {
  if (block.typename === "If") return compileIf(block, scope);
  const inner = descend(scope, block);
  const statements = block.children.map((statement) => compileStatement(statement, inner));
  if (statements.length === 1) return statements[0] as Execute;
  return (run) => {
    for (const statement of statements) statement(run);
  };
}

function compileStatement(node: Statement, scope: CompileScope): Execute {
  if (node.typename === "Output") return compileOutput(node, scope);
  if (node.typename === "If") return compileIf(node, scope);
  if (node.typename === "For") return compileFor(node, scope);
  if (node.typename === "Set") return compileSet(node, scope);
  if (node.typename === "Macro") return () => undefined;
  if (node.typename === "FilterBlock") return compileFilterBlock(node, scope);
  return compileBlock(node, scope);
}

function compileOutput(node: Output, outer: CompileScope): Execute {
  const [content] = node.children;
  if (content === undefined) return () => undefined;
  if (content.typename === "TemplateData") {
    const { value } = content;
    return (run) => {
      note(run, value);
      write(run, value);
    };
  }
  if (content.typename === "Raw") {
    const { text } = content;
    return (run) => {
      note(run, text);
      write(run, run.keepsRaw ? `{% raw %}${text}{% endraw %}` : text);
    };
  }
  const scope = within(outer, node);
  const evaluate = compileExpression(content, scope);
  const isOfMacro =
    content.typename === "FunCall" &&
    content.name.typename === "Symbol" &&
    scope.macros.has(content.name.value);
  return (run) => {
    run.part = scope.source;
    const value = evaluate(run);
    note(run, value, isOfMacro);
    write(run, writtenText(value, run.partDepth > 0, run.budget));
  };
}

function compileFilterBlock(node: FilterBlock, outer: CompileScope): Execute {
  const scope = descend(outer, node);
  const body = compileBlock(node.body, scope);
  const tag = within(scope, node);
  const filtered = compileExpression(node.filtered, tag);
  return (run) => {
    const printed = printedApart(run, body);
    run.part = tag.source;
    withScope(run, run.scope, ({ names }) => {
      if (typeof printed === "string") names.set(FILTERED_BODY, printed);
      const value = filteredOf(run, filtered, printed);
      note(run, value);
      write(run, writtenText(value, run.partDepth > 0, run.budget));
    });
  };
}

/** What a part of a template prints; what is missing in it may still be passed over. */
function printedApart(run: Run, body: Execute): string | MissingVariableError {
  const { text, typed, scope, context, partDepth } = run;
  Object.assign(run, { text: "", typed: undefined, partDepth: partDepth + 1 });
  try {
    body(run);
    return run.text;
  } catch (error) {
    if (!(error instanceof MissingVariableError) || error.isFinal) throw error;
    return error;
  } finally {
    Object.assign(run, { text, typed, scope, context, partDepth });
  }
}

/** `default` takes a block in which something is missing for one that is empty; to every other filter that is missing. */
function filteredOf(run: Run, filtered: Evaluate, printed: string | MissingVariableError): unknown {
  try {
    return filtered(run);
  } catch (error) {
    const isOfBody = error instanceof MissingVariableError && error.variable === FILTERED_BODY;
    throw isOfBody && typeof printed !== "string" ? printed : error;
  }
}

function compileIf(node: If, outer: CompileScope): Execute {
  const scope = descend(outer, node);
  const tag = within(scope, node);
  const condition = compileExpression(node.cond, tag);
  const body = compileBlock(node.body, scope);
  const otherwise = node.else_ === null ? undefined : compileBlock(node.else_, scope);
  return (run) => {
    charge(run.budget, 1);
    run.part = tag.source;
    if (isTrue(failing(() => condition(run)))) body(run);
    else otherwise?.(run);
  };
}

function compileFor(node: For, outer: CompileScope): Execute {
  const scope = descend(outer, node);
  const tag = within(scope, node);
  const source = compileExpression(node.arr, tag);
  const body = compileBlock(node.body, scope);
  const otherwise = node.else_ === null ? undefined : compileBlock(node.else_, scope);
  const name = node.name.value;
  return (run) => {
    run.line = node.lineno + 1;
    run.part = tag.source;
    const items = itemsOf(source(run));
    if (items === undefined) return;
    if (items.length === 0) return otherwise?.(run);
    withScope(run, run.scope, ({ names }) => {
      const { length } = items;
      for (let index = 0; index < length; index += 1) {
        charge(run.budget, 1);
        const [first, last] = [index === 0, index === length - 1];
        names.set("loop", { index, first, last, length, revindex: length - index - 1 });
        names.set(name, items[index]);
        body(run);
      }
    });
  };
}

/** A list's items, a map's entries (`key`, `value`); nothing for null. */
function itemsOf(value: unknown): unknown[] | undefined {
  if (value === null || value === undefined) return undefined;
  if (isList(value)) return value;
  if (isMap(value) && !isEntry(value)) return entriesOf(value);
  throw new ExpressionError(`A loop needs a list or a map, not ${kindOf(value)}.`);
}

/** Sets the variable where it is known already, else in the innermost scope, as Pebble does. */
function compileSet(node: SetVariable, outer: CompileScope): Execute {
  const scope = within(outer, node);
  const name = node.targets[0]?.value ?? "";
  const value = compileExpression(node.value, scope);
  const gather = compileGathering(node, scope, compileExpression);
  return (run) => {
    charge(run.budget, 1);
    run.part = scope.source;
    const known = scopeOf(run, name);
    const found = known === undefined || gather === undefined ? value(run) : gather(run, known, value);
    (scopeOf(run, name) ?? run.scope)?.names.set(name, found);
  };
}

function fault(node: { lineno: number; colno: number }, message: string): ExpressionSyntaxError {
  return new ExpressionSyntaxError(message, node.lineno + 1, node.colno + 1);
}
