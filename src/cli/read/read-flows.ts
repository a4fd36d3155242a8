import type { Pool } from "pg";
import { RepriseError } from "../../base/errors.ts";
import { camelRows } from "./camel-rows.ts";

/** A flow as `--json` prints it. */
export interface FlowDocument {
  namespace: string;
  id: string;
  latestRevision: number;
  isDisabled: boolean;
  description: string | null;
  labels: Record<string, string>;
  createdAt: Date;
  updatedAt: Date;
}

/** A revision as `--json` prints it. */
export interface RevisionDocument {
  namespace: string;
  flowId: string;
  revision: number;
  source: string;
  message: string | null;
  createdBy: string;
  createdAt: Date;
}

/** Reads the flows, of one namespace and those below it when one is given. */
export async function readFlows(db: Pool, namespace?: string): Promise<FlowDocument[]> {
  const { rows } = await db.query(
    `select * from reprise_api.flows
    where $1::text is null or namespace = $1 or starts_with(namespace, $1 || '.')
    order by namespace, id`,
    [namespace ?? null],
  );
  return camelRows<FlowDocument>(rows);
}

/** Whether nothing was ever saved in this database. */
export async function hasNoFlows(db: Pool): Promise<boolean> {
  // The revisions tell: a flow that was deleted is not shown, but it was there.
  const { rows } = await db.query<{ empty: boolean }>(
    "select not exists (select from reprise_api.flow_revisions) as empty",
  );
  return rows[0]?.empty === true;
}

/** Reads the revisions of a flow, the newest first. */
export async function readRevisions(
  db: Pool,
  namespace: string,
  flowId: string,
): Promise<RevisionDocument[]> {
  const { rows } = await db.query(
    `select namespace, flow_id, revision, source, message, created_by, created_at
    from reprise_api.flow_revisions
    where namespace = $1 and flow_id = $2
    order by revision desc`,
    [namespace, flowId],
  );
  if (rows.length > 0) return camelRows<RevisionDocument>(rows);
  throw new RepriseError("RP404", "flow_not_found", `There is no flow ${namespace}.${flowId}.`, {
    hint: "Look it up with: reprise flow list",
  });
}

/** Picks one of the revisions of a flow, the latest when no number is given. */
export function pickRevision(revisions: readonly RevisionDocument[], number?: number): RevisionDocument {
  const found = number === undefined ? revisions[0] : revisions.find(({ revision }) => revision === number);
  if (found !== undefined) return found;
  const [latest] = revisions;
  throw new RepriseError(
    "RP404",
    "revision_not_found",
    `The flow ${latest?.namespace}.${latest?.flowId} has no revision ${number}.`,
    { hint: `Its latest is ${latest?.revision}.` },
  );
}
