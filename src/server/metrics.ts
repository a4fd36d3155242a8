import type { Pool } from "pg";

/** Reading them costs a few scans of indexes; scrapers that come more often get the same answer again. */
const freshForMs = 5000;

interface Metric {
  name: string;
  help: string;
  query: string;
}

const metrics: readonly Metric[] = [
  {
    name: "reprise_executions",
    help: "Executions by state.",
    query: `
      select s.state::text as state, count(e.id) as value
      from unnest(enum_range(null::reprise.execution_state)) as s (state)
      left join reprise.executions as e on e.state = s.state and e.purged_at is null
      group by s.state
      order by s.state`,
  },
  {
    name: "reprise_jobs",
    help: "Jobs by what they wait for: ready ones for a worker, delayed ones for their time, locked ones are being taken.",
    query: `
      select w.state, count(j.id) as value
      from unnest('{ready,delayed,locked}'::text[]) as w (state)
      left join graphile_worker.jobs as j on w.state = case
        when j.locked_at is not null then 'locked' when j.run_at > now() then 'delayed' else 'ready'
      end
      group by w.state
      order by w.state`,
  },
  {
    name: "reprise_running_attempts",
    help: "Attempts that are running.",
    query: "select count(*) as value from reprise.attempts where state = 'RUNNING'",
  },
  {
    name: "reprise_workers",
    help: "Workers that are running.",
    query: "select count(*) as value from reprise.workers where state = 'RUNNING'",
  },
];

/** Makes the function that reads the metrics, in the text format of Prometheus. */
export function createMetrics(db: Pool): () => Promise<string> {
  let readAt = 0;
  let last: Promise<string> | undefined;
  return async () => {
    if (last === undefined || performance.now() - readAt > freshForMs) {
      readAt = performance.now();
      last = readMetrics(db);
      last.catch(() => {
        last = undefined;
      });
    }
    return await last;
  };
}

async function readMetrics(db: Pool): Promise<string> {
  const texts: string[] = [];
  for (const metric of metrics) {
    const { rows } = await db.query<{ state?: string; value: string }>(metric.query);
    const lines = rows.map(
      ({ state, value }) => `${metric.name}${state ? `{state="${state}"}` : ""} ${value}\n`,
    );
    texts.push(`# HELP ${metric.name} ${metric.help}\n# TYPE ${metric.name} gauge\n${lines.join("")}`);
  }
  return texts.join("");
}
