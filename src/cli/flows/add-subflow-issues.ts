import { byPlace } from "../../flow/issue.ts";
import { isWritten } from "../../flow/written.ts";
import { readYaml } from "../../flow/yaml-document.ts";
import { checkSubflows, type KnownFlow, startsFlows } from "../../worker/check-subflows.ts";
import type { Session } from "../session.ts";
import type { CheckedFlow } from "./check-flows.ts";

/** Adds what the database knows of the flows that these start. Each may start the others: they count as saved. */
export async function addSubflowIssues(session: Session, checked: readonly CheckedFlow[]): Promise<void> {
  if (!checked.some(({ from }) => startsFlows(from.source))) return;
  const db = await session.database();
  const beside = checked.flatMap(asSaved);
  for (const flow of checked) {
    flow.issues = [...flow.issues, ...(await checkSubflows(db, flow.from.source, beside))].toSorted(byPlace);
  }
}

function asSaved({ flow, from }: CheckedFlow): KnownFlow[] {
  if (flow !== undefined) {
    const { namespace, id, isDisabled, definition } = flow;
    return [{ namespace, id, isDisabled, inputs: definition.inputs }];
  }
  const { value } = readYaml(from.source);
  if (!isWritten(value)) return [];
  return [{ namespace: String(value.namespace), id: String(value.id), isDisabled: false, inputs: undefined }];
}
