import { z } from "zod";
import { isOfText } from "../expression/methods.ts";
import { throughJson } from "../expression/missing-hint.ts";
import type { Reference } from "../expression/template.ts";
import type { TaskTypes } from "./check-tasks.ts";
import type { TaskKind } from "./compiled-flow.ts";
import type { ExpressionSite } from "./expression-sites.ts";
import { flowableTypes } from "./flowable-types.ts";
import { inputEntries } from "./input-entries.ts";
import type { Findings, IssueOptions } from "./issue.ts";
import { isLoop } from "./loop-outputs.ts";
import { valuesInPath } from "./shared-loops.ts";
import { didYouMean, nearest } from "./suggest.ts";
import type { WrittenTask } from "./task-tree.ts";
import { holdsTemplate } from "./words.ts";
import { isWritten } from "./written.ts";

/** What blocks give, where that does not depend on what stands in them. */
const givenByBlocks: Partial<Readonly<Record<TaskKind, readonly string[]>>> = {
  SEQUENTIAL: [],
  PARALLEL: [],
  DAG: [],
  ALLOW_FAILURE: [],
  IF: ["evaluationResult"],
  SWITCH: ["value", "defaults"],
  LOOP_UNTIL: ["iterationCount"],
  PAUSE: ["onResume", "resumed"],
  WORKING_DIRECTORY: ["outputFiles"],
  SUBFLOW: ["executionId", "state", "outputs"],
};

/** Reports what a task certainly does not give: behind `outputs.task` come the values of the loops around it, then its output. */
export function checkOutputPath(
  task: WrittenTask,
  { name, path }: Reference,
  site: ExpressionSite,
  { taskTypes }: { taskTypes: TaskTypes },
  findings: Findings,
  at: IssueOptions,
): void {
  const loops = valuesInPath(task, site);
  const known = outputsOf(task, taskTypes);
  const [stray] = path.flatMap((step, index) => {
    const values = loops[index] === undefined ? undefined : valuesOf(loops[index]);
    return values === undefined || values.includes(step) ? [] : [loops[index]?.id ?? ""];
  });
  const first = path[0];
  if (stray !== undefined || (loops.length > 0 && path.length === 1 && known?.includes(first ?? ""))) {
    const message = `The task \`${name}\` runs for each value of \`${stray ?? loops[0]?.id ?? ""}\`: its outputs stand under these.`;
    const written = `outputs.${name}${loops.map(() => "['…']").join("")}.${known?.includes(first ?? "") ? first : "…"}`;
    const options = { ...at, hint: `Write the value before the output, as in \`${written}\`.` };
    // A value may be called like an output.
    if (stray === undefined) findings.warning(site.path, "no_loop_value", message, options);
    else findings.error(site.path, "no_loop_value", message, options);
    return;
  }
  const [output, ...inside] = path.slice(loops.length);
  if (output === undefined) return;
  const report = (message: string, hint: string | undefined) =>
    findings.error(site.path, "unknown_output", message, { ...at, hint });
  if (known?.includes(output) === false) {
    const has =
      known.length === 0 ? "It has none." : `It has ${known.map((each) => `\`${each}\``).join(", ")}.`;
    const meant = askedOf(task.task)?.includes(output)
      ? `Write \`outputs.${name}.onResume.${output}\`.`
      : didYouMean(nearest(output, known));
    report(`The task \`${name}\` has no output \`${output}\`. ${has}`, meant);
  } else if (isLoop(task.type) && output === "outputs") checkLoopOutput(task, inside, report);
  else if (known?.includes(output) === true && isText(task, output, taskTypes)) {
    const [part] = inside;
    if (part === undefined || isOfText(part)) return;
    const message = `The output \`${output}\` of the task \`${name}\` is text, and has no \`${part}\`.`;
    const text = ["outputs", name, ...path.slice(0, loops.length + 1)];
    const hint = `Write \`${throughJson(text, inside)}\`.`;
    findings.warning(site.path, "unknown_part", message, { ...at, hint });
  } else if (output === "onResume" && flowableTypes.get(task.type ?? "")?.kind === "PAUSE")
    checkAsked(task, inside, report);
}

/** `outputs.pause.onResume.x`: what a Pause asks for is declared, and dotted ids nest. */
function checkAsked(
  { task, id }: WrittenTask,
  path: readonly string[],
  report: (message: string, hint: string | undefined) => void,
): void {
  const [first] = path;
  const known = askedOf(task);
  if (first === undefined || known === undefined) return;
  if (known.includes(first)) return;
  const has = known.length === 0 ? "nothing" : known.map((each) => `\`${each}\``).join(", ");
  report(
    `The Pause \`${id}\` asks for no \`${first}\`. It asks for ${has}.`,
    didYouMean(nearest(first, known)),
  );
}

/** The first parts of what a Pause asks for; undefined where they are not known. */
function askedOf(task: WrittenTask["task"]): string[] | undefined {
  const asked = inputEntries(task, "onResume").map((input) => input.id);
  if (asked.includes(undefined)) return undefined;
  return [...new Set(asked.flatMap((each) => each?.split(".", 1) ?? []))];
}

/** The names of what a task gives; undefined where they are not known. */
function outputsOf({ type = "" }: WrittenTask, taskTypes: TaskTypes): readonly string[] | undefined {
  const kind = flowableTypes.get(type)?.kind;
  if (kind !== undefined) return givenByBlocks[kind];
  const outputs = taskTypes.get(type)?.outputs;
  const isOpen = outputs?.def.catchall !== undefined && !(outputs.def.catchall instanceof z.ZodNever);
  return outputs === undefined || isOpen ? undefined : Object.keys(outputs.shape);
}

/** Whether an output is text, and nothing else. */
function isText({ type = "" }: WrittenTask, output: string, taskTypes: TaskTypes): boolean {
  let schema: unknown = taskTypes.get(type)?.outputs?.shape[output];
  while (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) schema = schema.unwrap();
  return schema instanceof z.ZodString;
}

/** `outputs.loop.outputs[0].outputs.x`: what each iteration gives is declared. Where it is stored, it gives a `uri`. */
function checkLoopOutput(
  { task, id }: WrittenTask,
  [, part, output]: readonly string[],
  report: (message: string, hint: string | undefined) => void,
): void {
  const declared = Array.isArray(task.outputs) ? (task.outputs as unknown[]) : [];
  if (declared.length === 0) {
    report(`The loop \`${id}\` declares no outputs.`, "Give it `outputs`.");
    return;
  }
  const known = declared.flatMap((each) => (isWritten(each) && typeof each.id === "string" ? each.id : []));
  if (part !== "outputs" || output === undefined || output === "uri" || known.includes(output)) return;
  const has = known.map((each) => `\`${each}\``).join(", ");
  report(
    `The loop \`${id}\` declares no output \`${output}\`. It has ${has}.`,
    didYouMean(nearest(output, known)),
  );
}

/** The values of a loop as texts; undefined where they are not known yet. */
function valuesOf({ task }: WrittenTask): readonly string[] | undefined {
  const values = task.values ?? task.value;
  if (!Array.isArray(values)) return undefined;
  const texts = values.map((value: unknown) =>
    typeof value === "string" || Number.isInteger(value) || typeof value === "boolean" ? String(value) : "{{",
  );
  return texts.some(holdsTemplate) ? undefined : texts;
}
