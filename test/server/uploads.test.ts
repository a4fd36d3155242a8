import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, describe, it } from "node:test";
import { callOne } from "../../src/db/call.ts";
import { createPostgresStorage } from "../../src/storage/postgres-storage.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { anApi } from "../graphql/an-api.ts";
import { aWorker } from "../support/a-worker.ts";
import { until } from "../support/until.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";

const { db, server, read } = await anApi();
const storage = createPostgresStorage(db.pool);
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString);
});
after(() => worker[Symbol.asyncDispose]());

const start = `mutation ($input: CreateExecutionInput!) { createExecution(input: $input) { execution { id inputs } } }`;
const flowText = `inputs: [{ id: data.file, type: FILE, allowedFileExtensions: [.csv, .txt] }]
tasks: [{ id: a, type: io.kestra.plugin.core.debug.Return, format: "{{ inputs.data.file }}" }]`;

interface Part {
  operations: unknown;
  map: unknown;
  files?: Record<string, [name: string, content: string | Uint8Array<ArrayBuffer>]>;
}

async function send({ operations, map, files = {} }: Part) {
  const form = new FormData();
  if (operations !== undefined) form.append("operations", JSON.stringify(operations));
  if (map !== undefined) form.append("map", JSON.stringify(map));
  for (const [field, [name, content]] of Object.entries(files)) form.append(field, new Blob([content]), name);
  const response = await fetch(`${server.url}/graphql`, { method: "POST", body: form });
  // biome-ignore lint/suspicious/noExplicitAny: what a test asks for is what it knows.
  return (await response.json()) as any;
}

async function create(file: [string, string | Uint8Array<ArrayBuffer>]) {
  const flow = await aWorkerFlow(db.pool, flowText);
  const input = { namespace: flow.namespace, flowId: flow.id, inputs: { data: { file: null } } };
  return await send({
    operations: { query: start, variables: { input } },
    map: { "0": ["variables.input.inputs.data.file"] },
    files: { "0": file },
  });
}

const contentOf = async (uri: string) => Buffer.concat(await Array.fromAsync(storage.get(uri))).toString();
const filesLeft = async () =>
  (await db.pool.query<{ count: number }>("select count(*)::integer as count from reprise.files")).rows[0]
    ?.count;

describe("a GraphQL multipart request", () => {
  it("gives an execution a file, which its tasks read and its replays have", async () => {
    const large = Buffer.alloc(3_000_000, "0123456789");
    const { data } = await create(["größe 1.csv", new Uint8Array(large)]);
    const { id, inputs } = data.createExecution.execution;
    await untilEnded(db.pool, id);
    assert.match(inputs.data.file, /^kestra:\/\/\/inputs\/[0-9a-f-]{36}-gr%C3%B6%C3%9Fe_1\.csv$/);
    assert.equal(await contentOf(inputs.data.file), large.toString());
    const { execution } = await read(
      `query ($id: UUID!) { execution(id: $id) { state inputFiles { nodes { name size url } } } }`,
      { id },
    );
    assert.equal(execution.state, "SUCCESS");
    const [file] = execution.inputFiles.nodes;
    assert.deepEqual([file.name, Number(file.size)], ["größe_1.csv", 3_000_000]);
    assert.equal(await (await fetch(`${server.url}${file.url}`)).text(), large.toString());

    const replay = await callOne(db.pool, "reprise_api.replay_execution", {
      execution_id: id,
      anchors: ["start"],
    });
    await untilEnded(db.pool, replay.id);
    const purge = (execution_id: string) =>
      callOne(db.pool, "reprise_api.purge_executions", { execution_ids: [execution_id] });
    await purge(id);
    assert.equal(await contentOf(inputs.data.file), large.toString());
    await purge(replay.id);
    await assert.rejects(contentOf(inputs.data.file), { reason: "file_not_found" });
  });

  it("takes an empty file, and one place for two", async () => {
    const { data } = await create(["empty.txt", ""]);
    assert.equal(await contentOf(data.createExecution.execution.inputs.data.file), "");
  });

  it("leaves the flow to refuse what it does not take", async () => {
    const { errors } = await create(["data.JSON", "{}"]);
    assert.equal(
      errors[0].message,
      "Invalid value for input `data.file`. Cause: File type not allowed. Accepted extensions: .csv, .txt",
    );
    assert.equal(errors[0].extensions.details.problems[0].path, "data.file");
  });

  const query = "{ __typename }";
  const malformed: [title: string, part: Part, message: RegExp][] = [
    ["operations", { operations: undefined, map: {} }, /`operations` is missing/],
    ["a map", { operations: { query }, map: undefined, files: { a: ["a", "x"] } }, /`map` is missing/],
    ["a map that is an object", { operations: { query }, map: [] }, /`map` is no JSON object/],
    [
      "a place",
      { operations: { query }, map: { a: ["variables.none"] }, files: { a: ["a", "x"] } },
      /no null at `variables.none`/,
    ],
    [
      "a place that is no prototype",
      { operations: { query }, map: { a: ["__proto__.x"] }, files: { a: ["a", "x"] } },
      /no null at/,
    ],
    [
      "a place for each file",
      { operations: { query }, map: {}, files: { a: ["a", "x"] } },
      /no place for the file `a`/,
    ],
    [
      "all its files",
      { operations: { query, variables: { f: null } }, map: { a: ["variables.f"] } },
      /file `a` of `map` is missing/,
    ],
  ];
  for (const [title, part, message] of malformed) {
    it(`needs ${title}`, async () => {
      const before = await filesLeft();
      const { errors } = await send(part);
      assert.match(errors[0].message, message);
      assert.deepEqual(
        [errors[0].extensions.code, errors[0].extensions.reason],
        ["RP400", "malformed_multipart"],
      );
      assert.equal(await filesLeft(), before);
    });
  }

  it("needs operations that are JSON, and is quick to say so of any text", async () => {
    const form = new FormData();
    form.append("operations", `{"1": "${'\\"'.repeat(200_000)}`);
    form.append("map", "{}");
    const before = process.cpuUsage();
    const response = await fetch(`${server.url}/graphql`, { method: "POST", body: form });
    // It was eight minutes, in which nobody else had an answer.
    assert.ok(process.cpuUsage(before).user < 5_000_000);
    const { errors } = (await response.json()) as { errors: { message: string }[] };
    assert.match(errors[0]?.message ?? "", /`operations` is no JSON/);
  });

  it("leaves nothing behind when it breaks off", async () => {
    const before = await filesLeft();
    const sent = request(`${server.url}/graphql`, {
      method: "POST",
      headers: { "Content-Type": "multipart/form-data; boundary=x" },
    });
    sent.on("error", () => undefined);
    const part = (name: string, value: string) =>
      `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    sent.write(part("operations", `{"query":"${query}","variables":{"f":null}}`));
    sent.write(part("map", '{"a":["variables.f"]}'));
    sent.write('--x\r\nContent-Disposition: form-data; name="a"; filename="a.csv"\r\n\r\nhalf a file');
    await until(async () => (await filesLeft()) !== before, { what: "the file to begin" });
    sent.destroy();
    await until(async () => (await filesLeft()) === before, { what: "the file to go" });
  });
});

describe("reprise_engine.tend_uploads", () => {
  it("drops after a day what no execution came to have", () =>
    db.inTransaction(async (client) => {
      const file = { file_id: "0199aaaa-0000-7000-8000-000000000000", name: "a", chunk_size: 10 };
      await callOne(client, "reprise_engine.open_upload", { ...file, uri: "kestra:///inputs/forgotten" });
      const isThere = async () =>
        (await client.query("select from reprise.files where id = $1", [file.file_id])).rows.length === 1;
      await callOne(client, "reprise_engine.tend_uploads", {});
      assert.equal(await isThere(), true);
      await client.query("select set_config('reprise.now', (now() + interval '25 hours')::text, true)");
      await callOne(client, "reprise_engine.tend_uploads", {});
      assert.equal(await isThere(), false);
    }));
});
