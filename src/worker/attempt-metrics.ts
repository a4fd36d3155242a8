import { callOne, type Database } from "../db/call.ts";
import type { Metric } from "../tasks/task-type.ts";
import { BatchLane } from "./batch-lane.ts";
import { storableMessage } from "./storable-message.ts";

/** One metric on its way to the table `metrics`. */
interface MetricRow extends Metric {
  executionId: string;
  taskRunId: string;
  attemptId: string;
}

/** Takes the metrics of all attempts of a worker and writes them many at once. */
export interface MetricShipper {
  add(row: MetricRow): Promise<void>;
}

/** What one attempt measures. */
export interface AttemptMetrics {
  record(metric: Metric): void;
  /** Resolves once all of it is in the table. */
  flush(): Promise<void>;
}

/** Opens the way to the table `metrics`. What cannot be written is lost with a warning; no task fails for it. */
export function openMetricShipper(db: Database, onLost: (error: unknown) => void): MetricShipper {
  const lane = new BatchLane<MetricRow, void>(async (rows) => {
    await callOne(db, "reprise_engine.append_metrics", {
      execution_ids: rows.map(({ executionId }) => executionId),
      task_run_ids: rows.map(({ taskRunId }) => taskRunId),
      attempt_ids: rows.map(({ attemptId }) => attemptId),
      names: rows.map(({ name }) => short(name)),
      types: rows.map(({ type }) => type),
      metric_values: rows.map(({ value }) => value),
      descriptions: rows.map(({ description }) =>
        description === undefined ? null : storableMessage(description),
      ),
      tags: rows.map(({ tags }) => storableTags(tags ?? {})),
    }).catch(onLost);
    return [];
  }, 1_000);
  return { add: (row) => lane.add(row) };
}

/** Opens the metrics of one attempt: counters and timers of the same name and tags add up, of a gauge the last value stays. */
export function openAttemptMetrics(
  shipper: MetricShipper,
  place: Pick<MetricRow, "executionId" | "taskRunId" | "attemptId">,
): AttemptMetrics {
  const recorded = new Map<string, Metric>();
  return {
    record(metric) {
      const key = JSON.stringify([metric.type, metric.name, Object.entries(metric.tags ?? {}).toSorted()]);
      const before = metric.type === "GAUGE" ? 0 : (recorded.get(key)?.value ?? 0);
      // What is no number cannot be shown; one too many would not do harm to the others.
      if (Number.isFinite(before + metric.value))
        recorded.set(key, { ...metric, value: before + metric.value });
    },
    async flush() {
      await Promise.all([...recorded.values()].map((metric) => shipper.add({ ...place, ...metric })));
      recorded.clear();
    },
  };
}

/** What tells metrics apart stands in an index, which takes no long texts. */
const LONGEST_WORD = 100;
const MOST_BYTES = 1_500;

function short(text: string): string {
  return storableMessage([...text].slice(0, LONGEST_WORD).join(""));
}

function storableTags(tags: Readonly<Record<string, string>>): Record<string, string> {
  const kept: [string, string][] = [];
  let left = MOST_BYTES;
  for (const [name, value] of Object.entries(tags)) {
    const tag: [string, string] = [short(name), short(value)];
    left -= Buffer.byteLength(tag.join(""));
    if (left >= 0) kept.push(tag);
  }
  return Object.fromEntries(kept);
}
