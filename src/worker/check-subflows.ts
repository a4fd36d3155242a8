import type { Database } from "../db/call.ts";
import type { CompiledInput } from "../flow/compiled-flow.ts";
import { flowableTypes } from "../flow/flowable-types.ts";
import { isStorableText } from "../flow/input-form.ts";
import { createFindings, type Findings, type Issue } from "../flow/issue.ts";
import { originOf } from "../flow/origins.ts";
import { applyPluginDefaults } from "../flow/plugin-defaults.ts";
import { didYouMean, nearest } from "../flow/suggest.ts";
import { collectTasks, type WrittenTask } from "../flow/task-tree.ts";
import { holdsTemplate } from "../flow/words.ts";
import { isWritten, withoutEmpty } from "../flow/written.ts";
import { readYaml } from "../flow/yaml-document.ts";
import { taskTypes } from "../tasks/registry.ts";

/** A flow as it stands in the database, or will when it is saved. */
export interface KnownFlow {
  namespace: string;
  id: string;
  isDisabled: boolean;
  /** Empty where nobody knows yet: its text has errors. */
  inputs: CompiledInput[] | undefined;
}

/** One that is in the database. */
interface SavedFlow extends KnownFlow {
  /** Whether it was disabled there, which no text that is saved changes. Nobody knows where its text says so, too. */
  isSwitchedOff: boolean;
}

/**
 * Warns of Subflows that will fail, or leave something out, as the flows are that they name in so many words. These may change before
 * they are started, and be saved later than this one, unless they are to be saved beside it. What else is wrong with the source hides none of that.
 */
export async function checkSubflows(
  db: Database,
  source: string,
  beside: readonly KnownFlow[] = [],
): Promise<Issue[]> {
  const { starting, findings } = readStarts(source);
  if (starting.length === 0) return [];
  const known = await findFlows(db, starting);
  for (const flow of beside) {
    const key = keyOf(flow.namespace, flow.id);
    const isSwitchedOff = known.get(key)?.isSwitchedOff === true;
    known.set(key, { ...flow, isSwitchedOff, isDisabled: flow.isDisabled || isSwitchedOff });
  }
  for (const start of starting) {
    const { namespace, flowId } = start.task;
    checkStart(start, known.get(keyOf(String(namespace), String(flowId))), findings);
  }
  return findings.sorted();
}

/** Whether there is something about a source that only a database knows. */
export function startsFlows(source: string): boolean {
  return readStarts(source).starting.length > 0;
}

/** The tasks that name a flow to start, and where to say what is wrong with them. */
function readStarts(source: string): { starting: readonly WrittenTask[]; findings: Findings } {
  const none = { starting: [], findings: createFindings(() => ({ line: 1, column: 1 })) };
  if (!source.includes("flowId")) return none;
  const { value, findings: read } = readYaml(source);
  if (!isWritten(value)) return none;
  const { flow: written, origin } = applyPluginDefaults(withoutEmpty(value), taskTypes, read);
  const starting = collectTasks(written).tasks.filter(namesFlow);
  return {
    starting,
    findings: createFindings((path, options) => read.locate(originOf(origin, path), options)),
  };
}

function namesFlow({ task, type, isImplied }: WrittenTask): boolean {
  const starts = ["SUBFLOW", "FOR_EACH_ITEM"].includes(flowableTypes.get(String(type))?.kind ?? "");
  const isLiteral = [task.namespace, task.flowId].every(
    (name) => typeof name === "string" && !holdsTemplate(name) && isStorableText(name),
  );
  return starts && isLiteral && isImplied !== true && task.disabled !== true;
}

function keyOf(namespace: string, id: string): string {
  return JSON.stringify([namespace, id]); // both may have dots
}

async function findFlows(db: Database, starting: readonly WrittenTask[]): Promise<Map<string, SavedFlow>> {
  const { rows } = await db.query<SavedFlow>(
    `select f.namespace, f.id, f.is_disabled as "isDisabled", f.is_disabled and not r.is_disabled as "isSwitchedOff", r.inputs
    from reprise_api.flows as f
    join reprise_api.flow_revisions as r on r.namespace = f.namespace and r.flow_id = f.id and r.revision = f.latest_revision
    where (f.namespace, f.id) in (select * from unnest($1::text[], $2::text[]))`,
    [starting.map(({ task }) => task.namespace), starting.map(({ task }) => task.flowId)],
  );
  return new Map(rows.map((flow) => [keyOf(flow.namespace, flow.id), flow]));
}

function checkStart({ task, path }: WrittenTask, flow: KnownFlow | undefined, findings: Findings): void {
  const { namespace, flowId, inputs } = task;
  if (flow === undefined) {
    const message = `The subflow '${flowId}' not found in namespace '${namespace}'.`;
    findings.warning([...path, "flowId"], "subflow_not_found", message, {
      hint: "Save it before this one runs.",
    });
    return;
  }
  if (flow.isDisabled) {
    const message = `The subflow '${flowId}' is disabled in namespace '${namespace}'.`;
    findings.warning([...path, "flowId"], "subflow_disabled", message, { hint: "Enable it." });
  }
  // An earlier revision may take others.
  if (
    flow.inputs === undefined ||
    task.revision !== undefined ||
    (inputs !== undefined && !isWritten(inputs))
  )
    return;

  const given = Object.keys(inputs ?? {});
  const declared = flow.inputs.map(({ id }) => id);
  for (const name of given) {
    if (holdsTemplate(name) || declared.some((id) => id === name || id.startsWith(`${name}.`))) continue;
    const message = `The flow \`${namespace}.${flowId}\` declares no input \`${name}\`: it is left out.`;
    findings.warning([...path, "inputs", name], "undeclared_input", message, {
      atKey: true,
      hint: didYouMean(nearest(name, declared)),
    });
  }
  if (given.some((name) => holdsTemplate(name))) return;
  for (const { id, required, defaults } of flow.inputs) {
    if (!required || defaults !== undefined || given.some((name) => id === name || id.startsWith(`${name}.`)))
      continue;
    const message = `The flow \`${namespace}.${flowId}\` requires the input \`${id}\`, which is not given.`;
    findings.warning(inputs === undefined ? path : [...path, "inputs"], "missing_input", message, {
      atKey: inputs !== undefined,
      hint: "It fails when it starts.",
    });
  }
}
