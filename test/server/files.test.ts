import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { createPostgresStorage } from "../../src/storage/postgres-storage.ts";
import { anApi } from "../graphql/an-api.ts";
import { aFlow } from "../support/a-flow.ts";
import { anExecution, aReplay } from "../support/an-execution.ts";
import { aHandWorker } from "../support/hand-worker.ts";

const api = await anApi();
const storage = createPostgresStorage(api.db.pool);

const content = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => index % 251));
let execution: string;
let replay: string;

before(async () => {
  const flow = await aFlow(api.db.pool, ["make", "use"]);
  execution = await anExecution(api.db.pool, flow);
  const { rows } = await api.db.pool.query<{ id: string }>(
    "select id from reprise.task_runs where execution_id = $1",
    [execution],
  );
  const client = await api.db.connect();
  const worker = await aHandWorker(client);
  const [begun] = await worker.begin(rows[0]?.id ?? "");
  const attemptId = begun?.attempt_id ?? "";
  const { uri } = await storage.put(
    {
      namespace: flow.namespace,
      flowId: flow.id,
      executionId: execution,
      taskId: "make",
      taskRunId: rows[0]?.id ?? "",
      attemptId,
      name: 'Fahrten "März".ion',
    },
    (async function* () {
      yield content;
    })(),
  );
  await worker.finish([{ attemptId, outputs: { uri } }]);
  const { id } = await aReplay(api.db.pool, execution, { anchors: ["task:use"] });
  replay = id;
});

async function filesOf(id: string) {
  const { execution } = await api.read(
    `query ($id: UUID!) { execution(id: $id) {
      files { nodes { id uri name size url isCarried createdAt taskRun { taskId } } totalCount }
      taskRuns { nodes { taskId files { nodes { name } } } }
    } }`,
    { id },
  );
  return execution;
}

describe("Execution.files", () => {
  it("names what its task runs stored, and what they carry", async () => {
    const own = await filesOf(execution);
    assert.equal(own.files.totalCount, 1);
    const [file] = own.files.nodes;
    assert.deepEqual(
      [file.size, file.isCarried, file.taskRun.taskId],
      [String(content.length), false, "make"],
    );
    assert.equal(file.url, `/files/${file.id}`);
    assert.equal(own.taskRuns.nodes[0].files.nodes[0].name, file.name);
    const carried = await filesOf(replay);
    assert.deepEqual([carried.files.nodes[0].id, carried.files.nodes[0].isCarried], [file.id, true]);
  });
});

describe("GET /files/<id>", () => {
  it("gives a file as a download, whole and unchanged", async () => {
    const [file] = (await filesOf(execution)).files.nodes;
    const response = await fetch(`${api.server.url}${file.url}`);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "application/octet-stream");
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    assert.match(
      response.headers.get("content-disposition") ?? "",
      /^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''.*M%C3%A4rz/,
    );
    assert.ok(content.equals(Buffer.from(await response.arrayBuffer())));
    const head = await fetch(`${api.server.url}${file.url}`, { method: "HEAD" });
    assert.equal(head.headers.get("content-length"), String(content.length));
    assert.equal(head.headers.get("accept-ranges"), "bytes");
  });

  it("gives a part of a file", async () => {
    const [file] = (await filesOf(execution)).files.nodes;
    const last = content.length - 1;
    for (const [range, start, end] of [
      ["bytes=0-0", 0, 0],
      ["bytes=0-", 0, last],
      ["bytes=1000000-2000000", 1_000_000, 2_000_000],
      [`bytes=${last}-`, last, last],
      ["bytes=-1", last, last],
      ["bytes=-99999999", 0, last],
      ["bytes=2999990-99999999999999999999", 2_999_990, last],
    ] as const) {
      const response = await fetch(`${api.server.url}${file.url}`, { headers: { Range: range } });
      assert.equal(response.status, 206, range);
      assert.equal(response.headers.get("content-range"), `bytes ${start}-${end}/${content.length}`);
      const part = content.subarray(start, end + 1);
      assert.equal(response.headers.get("content-length"), String(part.length));
      assert.ok(part.equals(Buffer.from(await response.arrayBuffer())), range);
    }
  });

  it("gives the whole where a range says nothing, and none outside", async () => {
    const [file] = (await filesOf(execution)).files.nodes;
    const ask = (headers: Record<string, string>) => fetch(`${api.server.url}${file.url}`, { headers });
    for (const range of ["bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,5-6", "lines=0-1", "bytes=x-y"]) {
      const response = await ask({ Range: range });
      assert.equal(response.status, 200, range);
      assert.equal((await response.arrayBuffer()).byteLength, content.length);
    }
    for (const range of [`bytes=${content.length}-`, "bytes=-0", "bytes=9999999999-"]) {
      const response = await ask({ Range: range });
      assert.equal(response.status, 416, range);
      assert.equal(response.headers.get("content-range"), `bytes */${content.length}`);
      assert.match(await response.text(), /"range_outside"/);
    }
  });

  it("gives it once to whoever asks with its tag", async () => {
    const [file] = (await filesOf(execution)).files.nodes;
    const ask = (headers: Record<string, string>) => fetch(`${api.server.url}${file.url}`, { headers });
    const tag = (await ask({ Range: "bytes=0-0" })).headers.get("etag") ?? "";
    assert.equal((await ask({ "If-None-Match": `"other", ${tag}` })).status, 304);
    assert.equal((await ask({ "If-None-Match": '"other"', Range: "bytes=0-0" })).status, 206);
    assert.equal((await ask({ "If-Range": tag, Range: "bytes=0-0" })).status, 206);
    assert.equal((await ask({ "If-Range": '"other"', Range: "bytes=0-0" })).status, 200);
  });

  it("survives a client that hangs up", async () => {
    const [file] = (await filesOf(execution)).files.nodes;
    const aborter = new AbortController();
    const response = await fetch(`${api.server.url}${file.url}`, { signal: aborter.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    aborter.abort();
    assert.equal((await fetch(`${api.server.url}/healthz`)).status, 200);
  });

  it("is a 404 in JSON for a file that is not there, or has no such name", async () => {
    for (const id of ["00000000-0000-4000-8000-000000000000", "nothing", "..%2f..%2fetc%2fpasswd"]) {
      const response = await fetch(`${api.server.url}/files/${id}`);
      assert.equal(response.status, 404);
      const { errors } = (await response.json()) as { errors: { extensions: { reason: string } }[] };
      assert.equal(errors[0]?.extensions.reason, "file_not_found");
    }
  });

  it("is gone with the last execution that names it", async () => {
    const [file] = (await filesOf(execution)).files.nodes;
    const purge = (id: string) =>
      api.read(`mutation ($id: UUID!) { purgeExecutions(input: { executionIds: [$id] }) { purgedCount } }`, {
        id,
      });
    const kill = `mutation ($id: UUID!) { killExecution(input: { executionId: $id }) { execution { id } } }`;
    for (const id of [execution, replay]) await api.read(kill, { id });
    await purge(execution);
    assert.equal((await fetch(`${api.server.url}${file.url}`)).status, 200, "the replay still carries it");
    await purge(replay);
    assert.equal((await fetch(`${api.server.url}${file.url}`)).status, 404);
  });
});
