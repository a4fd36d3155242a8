import { cyclesOf, type Needs } from "./cycles.ts";
import { dagEntries } from "./dag-entries.ts";
import { type InputEntry, inputEntries } from "./input-entries.ts";
import type { Findings, Path } from "./issue.ts";
import { needsOfInputs, needsOfVariables } from "./needs.ts";
import { didYouMean, nearest } from "./suggest.ts";
import type { WrittenTask } from "./task-tree.ts";
import { isWritten, type Written } from "./written.ts";

/** A longer circle is told by its beginning. */
const mostNamed = 10;

/** Reports what waits for itself: defaults of inputs, variables, and the tasks of a Dag. */
export function checkCycles(flow: Written, tasks: readonly WrittenTask[], findings: Findings): void {
  checkDefaults(inputEntries(flow), [], findings);
  if (isWritten(flow.variables)) {
    report(needsOfVariables(flow.variables), "variable", (name) => ["variables", name], findings);
  }
  const given = new Set(inputEntries(flow).map(({ id }) => id));
  for (const task of tasks) {
    if (task.type?.endsWith(".flow.Dag")) checkDag(task, findings);
    if (!task.type?.endsWith(".flow.Pause")) continue;
    // What the flow was given is there before what the Pause asks for by the same name.
    const asked = inputEntries(task.task, "onResume").filter(({ id }) => !given.has(id));
    checkDefaults(asked, task.path, findings);
  }
}

function checkDefaults(entries: readonly InputEntry[], around: Path, findings: Findings): void {
  const inputs = entries.flatMap(({ id, value, path, dependsAt }) => {
    if (id === undefined || !isWritten(value)) return [];
    const { defaults, expression } = value;
    const dependsOn = isWritten(value.dependsOn) ? value.dependsOn : {};
    const place = value.dependsOn === undefined ? [...path, "defaults"] : dependsAt;
    return [{ id, defaults, expression, dependsOn, path: [...around, ...place] }];
  });
  const paths = new Map(inputs.map(({ id, path }) => [id, path]));
  const needs = needsOfInputs(inputs, { isCertain: true });
  report(needs, "input", (id) => paths.get(id), findings);
}

function checkDag(dag: WrittenTask, findings: Findings): void {
  const needs = new Map<string, string[]>();
  const paths = new Map<string, Path>();
  for (const [index, entry] of dagEntries(dag.task).entries()) {
    if (!isWritten(entry) || !isWritten(entry.task) || typeof entry.task.id !== "string") continue;
    const dependsOn = Array.isArray(entry.dependsOn) ? (entry.dependsOn as unknown[]) : [];
    needs.set(entry.task.id, dependsOn.map(String));
    paths.set(entry.task.id, [...dag.path, "tasks", index, "dependsOn"]);
  }
  for (const [id, path] of paths) {
    for (const [index, needed] of (needs.get(id) ?? []).entries()) {
      if (needs.has(needed)) continue;
      const hint = didYouMean(
        nearest(
          needed,
          [...needs.keys()].filter((each) => each !== id),
        ),
      );
      const message = `There is no task \`${needed}\` in \`${dag.id ?? "the Dag"}\`.`;
      findings.error([...path, index], "unknown_task", message, { hint });
    }
  }
  report(needs, "task", (id) => paths.get(id), findings);
}

function report(
  needs: Needs,
  what: string,
  pathOf: (name: string) => Path | undefined,
  findings: Findings,
): void {
  for (const cycle of cyclesOf(needs)) {
    // Told from something that is written: `a` may be no more than the name that `a.x` nests in.
    const start = Math.max(
      0,
      cycle.findIndex((name) => pathOf(name) !== undefined),
    );
    const [first = "", ...others] = [...cycle.slice(start), ...cycle.slice(0, start)];
    const left = others.length > mostNamed ? [...others.slice(0, mostNamed), "…"] : others;
    const way = [...left, first].map((name) => `\`${name}\``).join(", which needs ");
    const message =
      others.length === 0
        ? `The ${what} \`${first}\` needs itself.`
        : `The ${what} \`${first}\` needs ${way}: none of them can be first.`;
    findings.error(pathOf(first) ?? [], "cycle", message);
  }
}
