import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import type { Pool } from "pg";
import { z } from "zod";
import { callOne } from "../../db/call.ts";
import type { ExecutionState, PurgeResult } from "../../db/generated.ts";
import { act, leaf } from "../command.ts";
import { usageError } from "../failure.ts";
import { ageMs, executionStates, several } from "../option.ts";
import { countText, sizeText } from "../present/figure-text.ts";
import { findExecutionId } from "../read/find-execution.ts";
import type { Session } from "../session.ts";

const options = z.object({
  id: z.array(z.string()).optional(),
  namespace: z.string().optional(),
  flow: z.string().optional(),
  state: executionStates.optional(),
  olderThan: z.string().optional(),
  yes: z.boolean().default(false),
});

interface Conditions {
  execution_ids: string[] | null;
  namespace: string | null;
  flow_id: string | null;
  states: ExecutionState[] | null;
  ended_before: Date | null;
}

/** `reprise purge` */
export function purge(): Command {
  return leaf(
    "purge",
    "Delete ended executions with their logs and files. All conditions must hold; at least one is needed.",
  )
    .option("--older-than <age>", "that ended so long ago: 12h, 30d, P30D")
    .option("-s, --state <state>", "in this state; give several with commas", several)
    .option("-n, --namespace <namespace>", "of this namespace")
    .option("-F, --flow <id>", "of this flow")
    .option("--id <execution>", "this execution; several times for several", several)
    .option("-y, --yes", "do not ask")
    .action(
      act(options, async (session, given) => {
        const db = await session.database();
        const conditions = await conditionsOf(db, given);
        const isBounded = Object.values(conditions).some((condition) => condition !== null);
        // Without a condition nobody is asked: the database refuses.
        if (isBounded && !given.yes && !(await isConfirmed(session, await countMatching(db, conditions)))) {
          session.print(documentOf(nothing), () => "Nothing was purged.");
          return;
        }
        const document = documentOf(await callOne(db, "reprise_api.purge_executions", conditions));
        session.print(document, () => textOf(document));
      }),
    );
}

const nothing: PurgeResult = { purged_count: 0, kept_count: 0, deleted_file_count: 0, freed_bytes: "0" };

function documentOf({ purged_count, kept_count, deleted_file_count, freed_bytes }: PurgeResult) {
  return {
    purgedCount: Number(purged_count),
    keptCount: Number(kept_count),
    deletedFileCount: Number(deleted_file_count),
    freedBytes: Number(freed_bytes),
  };
}

function textOf({
  purgedCount,
  keptCount,
  deletedFileCount,
  freedBytes,
}: ReturnType<typeof documentOf>): string {
  const files = countText(deletedFileCount, "file");
  const [are, their] = keptCount === 1 ? ["is", "its"] : ["are", "their"];
  const kept = `${keptCount} of them ${are} kept out of sight, since replays use ${their} outputs.`;
  const line = `${executions(purgedCount)} purged, ${files} deleted, ${sizeText(freedBytes)} freed.`;
  return keptCount === 0 ? line : `${line}\n${kept}`;
}

async function conditionsOf(db: Pool, given: z.output<typeof options>): Promise<Conditions> {
  const age = given.olderThan === undefined ? undefined : ageMs("older-than", given.olderThan);
  return {
    execution_ids:
      given.id === undefined ? null : await Promise.all(given.id.map((id) => findExecutionId(db, id))),
    namespace: given.namespace ?? null,
    flow_id: given.flow ?? null,
    states: given.state ?? null,
    ended_before: age === undefined ? null : new Date(Date.now() - age),
  };
}

async function countMatching(db: Pool, conditions: Conditions): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::integer as count
    from reprise_api.executions
    where ended_at is not null
      and ($1::uuid[] is null or id = any ($1))
      and ($2::text is null or namespace = $2)
      and ($3::text is null or flow_id = $3)
      and ($4::reprise.execution_state[] is null or state = any ($4))
      and ($5::timestamptz is null or ended_at < $5)`,
    Object.values(conditions),
  );
  return rows[0]?.count ?? 0;
}

async function isConfirmed(session: Session, count: number): Promise<boolean> {
  if (count === 0) return false;
  if (!process.stdin.isTTY || session.isJson) {
    throw usageError(`This would purge ${executions(count)}.`, "Say --yes to do it.");
  }
  using prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await prompt.question(`Purge ${executions(count)} with logs and files? [y/N] `);
  return /^y(es)?$/i.test(answer.trim());
}

function executions(count: number): string {
  return countText(count, "execution");
}
