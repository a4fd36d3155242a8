import type { Pool } from "pg";
import type { ExecutionState } from "../../db/generated.ts";
import { camelRows } from "./camel-rows.ts";
import type { ExecutionDocument } from "./read-execution.ts";

/** Which executions; all that is given must hold. */
export interface ExecutionFilter {
  namespace?: string | undefined;
  flow?: string | undefined;
  revision?: number | undefined;
  states?: readonly ExecutionState[] | undefined;
  labels?: Readonly<Record<string, string>> | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
  /** Found in the id, the flow, the note or a label, in any case. */
  text?: string | undefined;
  limit: number;
}

/** Reads executions, the newest first. */
export async function listExecutions(db: Pool, filter: ExecutionFilter): Promise<ExecutionDocument[]> {
  // What was replayed is derived, and not among the labels that an index finds.
  const { "system.replayed": replayed, ...ownLabels } = filter.labels ?? {};
  const { rows } = await db.query(
    `select *
    from reprise_api.executions
    where ($1::text is null or namespace = $1 or starts_with(namespace, $1 || '.'))
      and ($2::text is null or flow_id = $2)
      and ($3::integer is null or flow_revision = $3)
      and ($4::reprise.execution_state[] is null or state = any ($4))
      and own_labels @> $5
      and ($10::text is null or labels @> jsonb_build_object('system.replayed', $10::text))
      and ($6::timestamptz is null or created_at >= $6)
      and ($7::timestamptz is null or created_at < $7)
      and ($8::text is null or strpos(lower(concat_ws(' ', id, namespace || '.' || flow_id, note, own_labels)), lower($8)) > 0)
    order by id desc
    limit $9`,
    [
      filter.namespace ?? null,
      filter.flow ?? null,
      filter.revision ?? null,
      filter.states ?? null,
      JSON.stringify(ownLabels),
      filter.since ?? null,
      filter.until ?? null,
      filter.text ?? null,
      filter.limit,
      replayed ?? null,
    ],
  );
  return camelRows<ExecutionDocument>(rows);
}
