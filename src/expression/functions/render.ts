import { keysOf, setKey } from "../../base/key-order.ts";
import { charge, DEEPEST_VALUE } from "../budget.ts";
import type { Callable } from "../callable.ts";
import { ExpressionError, ExpressionSyntaxError, failing } from "../expression-error.ts";
import { stripRaw } from "../raw-text.ts";
import type { Context, Run, Scope } from "../run.ts";
import { isList, isMap, type PlainMap } from "../values.ts";

/** Kestra's limit for a text that changes with every pass. */
const MOST_PASSES = 100;
/** How deep `render()` may stand in what `render()` renders. */
const DEEPEST_RENDER = 20;

/** `render(x)`: renders a value again and again until it no longer changes; `recursive=false`: once. */
export const render: Callable = {
  parameters: ["toRender", "recursive"],
  required: 1,
  call([value, recursive], run) {
    if (recursive !== undefined && recursive !== null && typeof recursive !== "boolean") {
      throw new ExpressionError("The argument `recursive` must be true or false.");
    }
    return renderValue(value, recursive === false ? 1 : MOST_PASSES, run, 0);
  },
};

/** `renderOnce(x)`. */
export const renderOnce: Callable = {
  parameters: ["toRender"],
  required: 1,
  call: ([value], run) => renderValue(value, 1, run, 0),
};

function renderValue(value: unknown, passes: number, run: Run, depth: number): unknown {
  charge(run.budget, 1);
  if (depth > DEEPEST_VALUE) throw new ExpressionError("The value is nested too deeply.");
  if (typeof value === "string") return renderText(value, passes, run);
  if (isList(value)) return value.map((item) => renderValue(item, passes, run, depth + 1));
  if (!isMap(value)) return value;
  const rendered: PlainMap = {};
  for (const key of keysOf(value)) {
    const name = renderText(key, passes, run);
    if (!Object.hasOwn(rendered, name))
      setKey(rendered, name, renderValue(value[key], passes, run, depth + 1));
  }
  return rendered;
}

function renderText(source: string, passes: number, run: Run): string {
  if (run.depth >= DEEPEST_RENDER)
    throw new ExpressionError("The calls of `render()` are nested too deeply.");
  const pass = { context: seenBy(run), budget: run.budget, keepsRaw: true, depth: run.depth + 1 };
  let text = source;
  for (let count = 0; ; count += 1) {
    const next = parsed(() => failing(() => run.renderText(text, pass)));
    // What `raw` protects is protected from every pass, and its tags go at the end.
    if (next === text || (passes === 1 && count === 0)) return stripRaw(next);
    if (count >= passes) throw new ExpressionError("Too many rendering attempts.");
    text = next;
  }
}

/** What is rendered also sees the names that the template around has set. */
function seenBy(run: Run): Context {
  if (run.scope === null) return run.context;
  const names = new Map<string, unknown>();
  for (let scope: Scope | null = run.scope; scope !== null; scope = scope.parent)
    for (const [name, value] of scope.names) if (!names.has(name)) names.set(name, value ?? null);
  if (names.size === 0) return run.context;
  charge(run.budget, names.size);
  return { ...run.context, ...Object.fromEntries(names) };
}

/** A text that an expression made is parsed while the flow runs: its syntax error is a render error. */
function parsed(action: () => string): string {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof ExpressionSyntaxError)) throw error;
    const message = `What \`render()\` is given cannot be parsed: ${error.message}`;
    throw new ExpressionError(message, "", undefined, { cause: error });
  }
}
