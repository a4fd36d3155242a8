/** Reads made-up flows, or renders made-up templates, and says each before it begins: whoever waits knows at which it hung. */
import assert from "node:assert/strict";
import { parentPort, workerData } from "node:worker_threads";
import fc from "fast-check";
import { ExpressionError, ExpressionSyntaxError } from "../../src/expression/expression-error.ts";
import { exampleContext } from "../../src/expression/reference/entry.ts";
import { parseTemplate } from "../../src/expression/template.ts";
import { readFlow } from "../../src/flow/read-flow.ts";
import { taskTypes } from "../../src/tasks/registry.ts";
import { flowSources, templateSources } from "./made-up-sources.ts";

/** What a worker is to do. */
export interface FuzzOrder {
  what: "flows" | "templates";
  seed: number;
  cases: number;
}

/** What the expressions promise: a text is no longer than that, however it came about. */
const longestText = 16 * 1024 * 1024;

const { what, seed, cases } = workerData as FuzzOrder;
const context = { ...exampleContext, vars: { ...exampleContext.vars, loop: "{{ render(vars.loop) }}" } };
const [sources, run] = what === "flows" ? [flowSources, readSource] : [templateSources, renderSource];
fc.assert(
  fc.property(sources, (source) => {
    parentPort?.postMessage(source);
    run(source);
  }),
  { seed, numRuns: cases, endOnFailure: true },
);

function readSource(source: string): void {
  const { flow, issues } = readFlow(source, taskTypes);
  const lines = source.split(/\r\n|\r|\n/).length;
  for (const { line, column, message, reason } of issues) {
    assert.ok(line >= 1 && line <= lines && column >= 1, `${line}:${column} of ${lines} lines`);
    assert.match(reason, /^[a-z_]+$/);
    assert.match(message, /[.!?]$/);
  }
  const isRefused = issues.some(({ severity }) => severity === "ERROR");
  assert.equal(flow === undefined, isRefused, "a flow is read, or refused with an error");
  // What is read can be stored.
  if (flow !== undefined) assert.deepEqual(JSON.parse(JSON.stringify(flow)), flow);
}

function renderSource(source: string): void {
  try {
    const text = parseTemplate(source).render(context);
    assert.ok(typeof text === "string" && text.length <= longestText);
  } catch (error) {
    if (error instanceof ExpressionError) return;
    if (!(error instanceof ExpressionSyntaxError)) throw error;
    assert.ok(error.line >= 1 && error.column >= 1, `${error.line}:${error.column}`);
  }
}
