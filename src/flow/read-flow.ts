import { checkConditions } from "./check-conditions.ts";
import { checkCycles } from "./check-cycles.ts";
import { checkExpressions } from "./check-expressions.ts";
import { checkInputs } from "./check-inputs.ts";
import { checkMessages } from "./check-messages.ts";
import { checkOutputs } from "./check-outputs.ts";
import { checkPluginDefaultRefs, checkPluginDefaults } from "./check-plugin-defaults.ts";
import { checkTasks, type TaskTypes } from "./check-tasks.ts";
import { checkTriggers } from "./check-triggers.ts";
import { type CheckedFlow, compileFlow } from "./compile-flow.ts";
import type { CompiledFlow } from "./compiled-flow.ts";
import { dropEmpty } from "./drop-empty.ts";
import { dropStrangers } from "./drop-strangers.ts";
import { flowSchema } from "./flow-schema.ts";
import { flowableTypes } from "./flowable-types.ts";
import { withInputIds } from "./input-entries.ts";
import { createFindings, type Findings, type Issue } from "./issue.ts";
import { readScalarsLeniently } from "./lenient-scalars.ts";
import { atOrigin } from "./origins.ts";
import { applyPluginDefaults } from "./plugin-defaults.ts";
import { refuseGone, refuseLaterInFlow } from "./refusals.ts";
import { checkSchema } from "./schema-issues.ts";
import { collectTasks, type WrittenTask } from "./task-tree.ts";
import { checkWorkerGroups } from "./worker-groups.ts";
import { isWritten, type Written, withoutEmpty } from "./written.ts";
import { keepWrittenTexts } from "./written-texts.ts";
import { readYaml } from "./yaml-document.ts";

/** A flow that can run (its issues are warnings), or everything that is in its way. */
export type ReadFlow = { flow: CompiledFlow; issues: Issue[] } | { flow: undefined; issues: Issue[] };

/** Reads the text of a flow: parses, checks and compiles it. Whatever the text, it answers with issues and never throws. */
export function readFlow(source: string, taskTypes: TaskTypes): ReadFlow {
  const { value, exact, written: scalars, findings: read } = readYaml(source);
  if (value === undefined) return { flow: undefined, issues: read.sorted() };
  if (!isWritten(value)) {
    read.error([], "not_a_flow", "A flow is a map with `id`, `namespace` and `tasks`.");
    return { flow: undefined, issues: read.sorted() };
  }

  for (const each of new Set([value, exact as Written])) {
    keepWrittenTexts(each, scalars, taskTypes);
    readScalarsLeniently(each, taskTypes);
    dropEmpty(each, taskTypes);
  }
  const alone = withInputIds(refuseGone(withoutEmpty(value), read));
  const { flow: merged, origin, used } = applyPluginDefaults(alone, taskTypes, read);
  const written = used.size === 0 ? merged : dropStrangers(merged, origin, alone, taskTypes);
  const findings = atOrigin(read, origin);
  const collected = collectTasks(written);
  checkSchema({ schema: flowSchema, value: written, path: [], findings });
  refuseLaterInFlow(written, findings);
  checkInputs(written, findings);
  checkMessages(written, findings);
  checkTriggers(written, findings);
  checkOutputs(written, findings);
  checkTasks(collected, taskTypes, findings);
  checkPluginDefaults(alone, used, taskTypes, findings);
  checkPluginDefaultRefs(alone, collected.tasks, findings);
  checkConditions(written, collected.tasks, findings);
  checkExpressions(written, collected.tasks, taskTypes, findings);
  checkCycles(written, collected.tasks, findings);
  checkRecursion(written, collected.tasks, findings);
  checkWorkerGroups(written, collected.tasks, findings);

  if (findings.hasErrors()) return { flow: undefined, issues: findings.sorted() };
  const asWritten = exact === value ? { flow: written, tasks: collected.tasks } : exactly(exact, taskTypes);
  return { flow: compileFlow(flowSchema.parse(written), asWritten, taskTypes), issues: findings.sorted() };
}

/** A flow that has been checked, once more with its numbers as they are written. */
function exactly(exact: unknown, taskTypes: TaskTypes): CheckedFlow {
  const told = createFindings(() => ({ line: 1, column: 1 }));
  const alone = withInputIds(refuseGone(withoutEmpty(exact as Written), told));
  const { flow: merged, origin, used } = applyPluginDefaults(alone, taskTypes, told);
  const flow = used.size === 0 ? merged : dropStrangers(merged, origin, alone, taskTypes);
  return { flow, tasks: collectTasks(flow).tasks };
}

/** A flow that starts itself would do so without end. */
function checkRecursion(flow: Written, tasks: readonly WrittenTask[], findings: Findings): void {
  for (const { task, path, type } of tasks) {
    if (!["SUBFLOW", "FOR_EACH_ITEM"].includes(flowableTypes.get(String(type))?.kind ?? "")) continue;
    if (task.namespace !== flow.namespace || task.flowId !== flow.id) continue;
    const message = `Recursive call to flow [${flow.namespace}.${flow.id}].`;
    findings.error([...path, "flowId"], "recursive_flow", message, { hint: "Start another flow." });
  }
}
