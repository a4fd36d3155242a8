import { callMany, callOne, type Database } from "../db/call.ts";
import type { Purged, TaskEngine } from "../tasks/task-engine.ts";

// Lines of a log in one call.
const LINES_AT_ONCE = 1_000;

/** What the tasks of a worker may ask of the engine. `actor` says who asks. */
export function taskEngine(db: Database, actor: string): TaskEngine {
  return {
    async countExecutions({ since, before, states, ...asked }) {
      const rows = await callMany(db, "reprise_engine.count_executions", {
        ...asked,
        states: states ?? null,
        created_since: since,
        created_before: before ?? null,
      });
      return rows.map(({ namespace, flow_id, count }) => ({
        namespace: String(namespace),
        flowId: String(flow_id),
        count: Number(count),
      }));
    },
    isExecution: async ({ executionId, namespace, flowId }) =>
      (await callOne(db, "reprise_engine.is_execution", {
        execution_id: executionId,
        namespace,
        flow_id: flowId,
      })) === true,
    async resume(execution_id, inputs, task_run_id) {
      const given = { execution_id, inputs: inputs ?? null, actor, task_run_id: task_run_id ?? null };
      await callOne(db, "reprise_engine.resume_for_task", given);
    },
    purgeExecutions: (asked, signal) => purgeExecutions(db, asked, signal),
    logLines: (asked) => logLines(db, asked),
    purgeLogs: async ({ namespace, flowId, executionId, levels, since, until }) =>
      Number(
        await callOne(db, "reprise_engine.purge_logs", {
          namespace: namespace ?? null,
          flow_id: flowId ?? null,
          execution_id: executionId ?? null,
          levels: levels ?? null,
          logged_since: since ?? null,
          logged_until: until,
        }),
      ),
    deleteFile: async (uri) => (await callOne(db, "reprise_engine.delete_file", { uri })) === true,
    purgeFiles: async (id) =>
      (await callMany(db, "reprise_engine.purge_files", { execution_ids: [id] })).map(String),
  };
}

/** Batch by batch, each in a transaction of its own, so that no lock is held for long. */
async function purgeExecutions(
  db: Database,
  { namespace, flowId, states, since, until, batch, purges }: Parameters<TaskEngine["purgeExecutions"]>[0],
  signal: AbortSignal,
): Promise<Purged> {
  const purged: Purged = { executions: 0, logs: 0, metrics: 0, files: 0 };
  for (let behind: string | null = null; ; ) {
    signal.throwIfAborted();
    const ids: (string | null)[] = await callMany(db, "reprise_engine.find_ended", {
      namespace: namespace ?? null,
      flow_id: flowId ?? null,
      states: states ?? null,
      created_since: since ?? null,
      ended_until: until,
      behind,
      batch,
    });
    if (ids.length === 0) return purged;
    behind = ids.at(-1) ?? null;
    const counts = await callOne(db, "reprise_engine.purge_batch", {
      execution_ids: ids,
      purges_executions: purges.executions,
      purges_logs: purges.logs,
      purges_metrics: purges.metrics,
      purges_files: purges.files,
    });
    purged.executions += Number(counts.executions_count);
    purged.logs += Number(counts.logs_count);
    purged.metrics += Number(counts.metrics_count);
    purged.files += Number(counts.files_count);
  }
}

async function* logLines(
  db: Database,
  { executionId, taskIds, level }: Parameters<TaskEngine["logLines"]>[0],
): AsyncGenerator<Record<string, unknown>[]> {
  for (let behind = "0"; ; ) {
    const rows = await callMany(db, "reprise_engine.read_log_lines", {
      execution_id: executionId,
      task_ids: taskIds ?? null,
      level,
      behind,
      batch: LINES_AT_ONCE,
    });
    if (rows.length === 0) return;
    yield rows.map(({ line }) => line as Record<string, unknown>);
    behind = rows.at(-1)?.id ?? behind;
  }
}
