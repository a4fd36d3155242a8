import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { parse, stringify } from "yaml";
import { isItemType } from "../../src/flow/for-each-item.ts";
import { taskTypes } from "../../src/tasks/registry.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { aWrittenFlow } from "../support/a-flow.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, executionOf, taskRunsOf } from "../support/an-execution.ts";
import { testDatabase, until } from "../support/database.ts";
import { untilEnded } from "../support/worker-flows.ts";
import { workerTaskTypes } from "../support/worker-task-types.ts";
import { anHttpServer, type TestServer } from "../tasks/http/http-server.ts";

const db = await testDatabase();
let server: TestServer;
let worker: Worker;
let waiting: string;

before(async () => {
  server = await anHttpServer((_, response) =>
    response.setHeader("content-type", "application/json").end('{"orders": 3}'),
  );
  worker = await aWorker(db.connectionString, {
    env: { REPRISE_DOWNLOAD_ORIGINS: `https://example.test=${server.url}` },
  });
  const asked = { id: "ask", type: `${core}.flow.Pause`, onResume: [{ id: "approved", type: "BOOLEAN" }] };
  const flow = { id: "approval", namespace: "company.team", tasks: [asked] };
  waiting = await anExecution(db.pool, await aWrittenFlow(db.pool, stringify(flow)));
  await until(async () => (await executionOf(db.pool, waiting)).state === "PAUSED", { what: "the Pause" });
});
after(async () => {
  await worker?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

type Task = Record<string, unknown> & { id: string; type: string };

const core = "io.kestra.plugin.core";
const serdes = "io.kestra.plugin.serdes";
const compress = "io.kestra.plugin.compress";

const write = (id: string, content: string, extension: string): Task => ({
  ...{ id, type: `${core}.storage.Write`, content, extension },
});
const made = (id: string, type: string, properties: object): Task => ({ id, type, ...properties });
const of = (id: string) => ({ from: `{{ outputs.${id}.uri }}` });

const rows =
  '{ride_id:"a",order_id:"1",amount:150,started_at:"2024-05-31 09:30:00.000",end_lat:"41.5"}\n' +
  '{ride_id:"b",order_id:"1",amount:50,started_at:"2024-05-31 10:30:00.000",end_lat:null}\n';
const ion = (id: string) => [write(id, rows, ".ion")];
const json = '{"a": 1}\n{"a": 2}\n';

/** What the task before an example has made, where the type needs something of its own. */
const downloads: Readonly<Record<string, Task[]>> = {
  [`${compress}.ArchiveDecompress`]: [
    write("source", "a,b\n1,2\n", ".csv"),
    made("download", `${compress}.ArchiveCompress`, {
      from: { "data/a.csv": "{{ outputs.source.uri }}" },
      algorithm: "ZIP",
    }),
  ],
  [`${compress}.FileDecompress`]: [
    write("source", "a,b\n1,2\n", ".csv"),
    made("download", `${compress}.FileCompress`, { ...of("source"), compression: "GZIP" }),
  ],
  [`${serdes}.avro.AvroToIon`]: [
    ...ion("source"),
    made("download", `${serdes}.avro.IonToAvro`, of("source")),
  ],
  [`${serdes}.parquet.ParquetToIon`]: [
    ...ion("source"),
    made("download", `${serdes}.parquet.IonToParquet`, of("source")),
  ],
  [`${serdes}.excel.ExcelToIon`]: [
    ...ion("source"),
    made("download", `${serdes}.excel.IonToExcel`, { ...of("source"), sheetsTitle: "Rides" }),
  ],
  [`${serdes}.csv.CsvToIon`]: [write("download", "a;b\n1;2\n", ".csv")],
  [`${serdes}.markdown.HtmlToMarkdown`]: [write("download", "<nav>x</nav><h1>Rides</h1>", ".html")],
  [`${serdes}.json.JsonToIon`]: [write("download", json, ".jsonl")],
  [`${serdes}.json.JsonToJsonl`]: [write("download", '[{"a": 1}, {"a": 2}]', ".json")],
  [`${serdes}.yaml.JsonToYaml`]: [write("download", '{"a": 1}', ".json")],
  [`${serdes}.xml.XmlToIon`]: [
    write("download", "<catalog><book><author>Ada</author></book></catalog>", ".xml"),
  ],
  [`${serdes}.yaml.YamlToIon`]: [write("download", "a: 1\n", ".yaml")],
  [`${serdes}.yaml.YamlToJson`]: [write("download", "a: 1\n", ".yaml")],
};

/** What other examples stand behind, by the name under which they read it. */
const sources: Readonly<Record<string, () => Task[]>> = {
  download: () => [write("download", "a,b\n1,2\n", ".csv")],
  load: () => [
    write("rows", rows, ".ion"),
    made("load", `${core}.storage.Size`, { uri: "{{ outputs.rows.uri }}" }),
  ],
  report: () => [write("report", "# Rides\n\n- many\n", ".md")],
  readme: () => [write("readme", "Rides\n", ".txt")],
  log: () => [write("log", "one\ntwo\n", ".txt")],
  extract: () => [write("extract", "us;1\nit;2\n", ".csv")],
};

/** Examples that need something else, that come to another end, or that would take their time. */
const special: Readonly<
  Record<string, { state?: string; before?: Task[]; with?: (yaml: string) => string }>
> = {
  "Unpack a .tar.gz": {
    before: [
      write("source", "a,b\n1,2\n", ".csv"),
      made("download", `${compress}.ArchiveCompress`, {
        from: { "a.csv": "{{ outputs.source.uri }}" },
        ...{ algorithm: "TAR", compression: "GZIP" },
      }),
    ],
  },
  "Read a list": { before: [write("download", '[{"a": 1}, {"a": 2}]', ".json")] },
  "Give up": { state: "CANCELLED" },
  "Stop here": { state: "FAILED" },
  "Wait five seconds": { with: (yaml) => yaml.replace("PT5S", "PT0.1S") },
  "Write rows that are at hand": {
    before: [made("query", `${core}.output.OutputValues`, { values: { rows: [{ a: 1 }, { a: 2 }] } })],
    with: (yaml) => yaml.replace("query.rows", "query.values.rows"),
  },
  "Forget two": {
    before: [
      made("set", `${core}.execution.SetVariables`, { variables: { loaded_at: 1, report: { rows: 2 } } }),
    ],
  },
};

const inputs = [
  { id: "customer", type: "STRING", defaults: "acme" },
  { id: "order", type: "JSON", defaults: '{"id": 7}' },
  { id: "kind", type: "STRING", defaults: "Return" },
  { id: "waiting", type: "STRING", required: false },
];

/** The tasks that an example stands behind. */
function tasksBefore(type: string, title: string, yaml: string): Task[] {
  const given = special[title]?.before;
  if (given !== undefined) return given;
  const read = new Set(Array.from(yaml.matchAll(/outputs\.(\w+)\./g), ([, id = ""]) => id));
  return [...read].flatMap(
    (id) => (id === "download" ? downloads[type] : undefined) ?? (sources[id] ?? (() => ion(id)))(),
  );
}

/** Some look for the files of the directory in which they run. */
function inDirectory(task: Task): Task[] {
  if (!task.type.endsWith(".LocalFiles") || task.outputs === undefined) return [task];
  const files = { id: "files", type: task.type, inputs: { "report.html": "x", "data/a.csv": "y" } };
  return [{ id: "directory", type: `${core}.flow.WorkingDirectory`, tasks: [files, task] }];
}

describe("examples of tasks", { concurrency: 4 }, () => {
  for (const { type, examples } of taskTypes.values()) {
    if (isItemType(type)) continue;
    for (const { title, yaml } of examples) {
      const { state = "SUCCESS", with: changed = (text: string) => text } = special[title] ?? {};
      it(`end as they should: ${type}, "${title}"`, async () => {
        const example: Task = { id: "example", type, ...parse(changed(yaml)) };
        const tasks = [...tasksBefore(type, title, yaml), ...inDirectory(example)];
        const source = stringify({ id: `f-${randomUUID()}`, namespace: "company.team", inputs, tasks });
        const id = await anExecution(db.pool, await aWrittenFlow(db.pool, source, workerTaskTypes), {
          inputs: { waiting },
        });
        await untilEnded(db.pool, id);
        const execution = await executionOf(db.pool, id);
        const runs = await taskRunsOf(db.pool, id);
        const faults = Object.values(runs).flatMap(
          (run) => (run?.error as { message?: string })?.message ?? [],
        );
        assert.equal(execution.state, state, JSON.stringify([execution.error, ...faults]));
        if (type.endsWith(".Resume")) await untilEnded(db.pool, waiting);
        if (title !== "Give up") assert.equal(runs.example?.state, state === "SUCCESS" ? "SUCCESS" : state);
      });
    }
  }
});
