import { callOne, type Database } from "../../db/call.ts";
import type { CompiledFlow } from "../../flow/compiled-flow.ts";

/** A revision that was saved, or that was there already with the same text. */
export interface SavedFlow {
  namespace: string;
  id: string;
  revision: number;
  isNew: boolean;
}

/** Saves a flow that was read and compiled. The same text makes no new revision. */
export async function saveFlow(
  db: Database,
  source: string,
  flow: CompiledFlow,
  about: { message?: string | undefined; actor?: string | undefined } = {},
): Promise<SavedFlow> {
  const { namespace, id } = flow;
  const before = await latestRevision(db, namespace, id);
  const saved = await callOne(db, "reprise_api.save_revision", {
    namespace,
    flow_id: id,
    source,
    is_disabled: flow.isDisabled,
    definition: flow.definition,
    tasks: flow.tasks,
    message: about.message ?? null,
    actor: about.actor ?? null,
  });
  return { namespace, id, revision: saved.revision, isNew: saved.revision !== before };
}

async function latestRevision(db: Database, namespace: string, id: string): Promise<number | undefined> {
  const { rows } = await db.query<{ revision: number }>(
    "select max(revision) as revision from reprise_api.flow_revisions where namespace = $1 and flow_id = $2",
    [namespace, id],
  );
  return rows[0]?.revision;
}
