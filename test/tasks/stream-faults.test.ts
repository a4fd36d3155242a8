import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import type { z } from "zod";
import type { Storage } from "../../src/storage/storage.ts";
import { archiveCompress } from "../../src/tasks/compress/archive-compress.ts";
import { archiveDecompress } from "../../src/tasks/compress/archive-decompress.ts";
import { fileCompress } from "../../src/tasks/compress/file-compress.ts";
import { fileDecompress } from "../../src/tasks/compress/file-decompress.ts";
import { request } from "../../src/tasks/http/request.ts";
import { avroToIon } from "../../src/tasks/serdes/avro/avro-to-ion.ts";
import { ionToAvro } from "../../src/tasks/serdes/avro/ion-to-avro.ts";
import { excelToIon } from "../../src/tasks/serdes/excel/excel-to-ion.ts";
import { ionToExcel } from "../../src/tasks/serdes/excel/ion-to-excel.ts";
import { ionToParquet } from "../../src/tasks/serdes/parquet/ion-to-parquet.ts";
import { parquetToIon } from "../../src/tasks/serdes/parquet/parquet-to-ion.ts";
import { xmlToIon } from "../../src/tasks/serdes/xml/xml-to-ion.ts";
import type { TaskType } from "../../src/tasks/task-type.ts";
import { aTaskContext, runTask, type TestContext } from "./task-context.ts";

type AnyTask = TaskType<z.ZodObject, z.ZodObject>;

/** A task that reads and writes, and the properties to run it with. */
interface Case {
  name: string;
  task: AnyTask;
  properties(context: TestContext): Promise<Record<string, unknown>>;
}

// More than streams hold back, and nothing that compresses well.
const noise = Buffer.concat(
  Array.from({ length: 6_000 }, (_, index) => hash("sha256", `${index}`, "buffer")),
);
const rows = Array.from(
  { length: 6_000 },
  (_, index) => `{a:${index},b:"${(index * 7919) % 65_537}"}\n`,
).join("");

const archives = ["ZIP", "TAR", "AR", "CPIO"].flatMap((algorithm): Case[] => {
  const packed = async (context: TestContext) => {
    const from = { a: await context.give("a", noise), b: await context.give("b", noise) };
    return { from, algorithm };
  };
  const unpacked = async (context: TestContext) => {
    const { uri } = await runTask(archiveCompress, await packed(context), context);
    return { from: uri, algorithm };
  };
  return [
    { name: `ArchiveCompress ${algorithm}`, task: archiveCompress as never, properties: packed },
    { name: `ArchiveDecompress ${algorithm}`, task: archiveDecompress as never, properties: unpacked },
  ];
});

const codecs = ["GZIP", "ZSTD"].flatMap((compression): Case[] => {
  const plain = async (context: TestContext) => ({ from: await context.give("a", noise), compression });
  const compressed = async (context: TestContext) => {
    const { uri } = await runTask(fileCompress, await plain(context), context);
    return { from: uri, compression };
  };
  return [
    { name: `FileCompress ${compression}`, task: fileCompress as never, properties: plain },
    { name: `FileDecompress ${compression}`, task: fileDecompress as never, properties: compressed },
  ];
});

const ion = async (context: TestContext) => ({ from: await context.give("rows.ion", Buffer.from(rows)) });
const made = (task: AnyTask) => async (context: TestContext) => {
  const { uri } = await runTask(task, await ion(context), context);
  return { from: uri };
};

const conversions: Case[] = [
  { name: "IonToExcel", task: ionToExcel as never, properties: ion },
  { name: "ExcelToIon", task: excelToIon as never, properties: made(ionToExcel as never) },
  { name: "IonToAvro", task: ionToAvro as never, properties: ion },
  { name: "AvroToIon", task: avroToIon as never, properties: made(ionToAvro as never) },
  { name: "IonToParquet", task: ionToParquet as never, properties: ion },
  { name: "ParquetToIon", task: parquetToIon as never, properties: made(ionToParquet as never) },
  {
    name: "XmlToIon",
    task: xmlToIon as never,
    properties: async (context) => ({
      from: await context.give("a.xml", Buffer.from(`<a>${"<b>1</b>".repeat(20_000)}</a>`)),
      query: "/a/b",
    }),
  },
];

const fault = new Error("The disk is on fire.");
const kill = new Error("It was killed.");

/** Pieces as small as a network's, of which the one with this number never comes. */
async function* cut(source: AsyncIterable<Uint8Array>, whole: number, instead: () => void) {
  let count = 0;
  for await (const piece of source) {
    for (let from = 0; from < piece.length; from += 4_096) {
      count += 1;
      if (count === whole) instead();
      yield piece.subarray(from, from + 4_096);
    }
  }
}

const throwFault = () => {
  throw fault;
};

const faults: Record<string, (storage: Storage, kill: () => void) => Partial<Storage>> = {
  "what it reads cannot be read": () => ({
    get: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(fault) }) }),
  }),
  "what it reads ends in a fault": (storage) => ({
    get: (uri, signal) => cut(storage.get(uri, signal), 3, throwFault),
  }),
  "what it writes cannot be written": () => ({ put: () => Promise.reject(fault) }),
  "what it writes ends in a fault": (storage) => ({
    put: (place, content, signal) => storage.put(place, cut(content, 2, throwFault), signal),
  }),
  "it is killed while it reads": (storage, kill) => ({
    get: (uri, signal) => cut(storage.get(uri, signal), 3, kill),
  }),
  "it is killed while it writes": (storage, kill) => ({
    put: (place, content, signal) => storage.put(place, cut(content, 2, kill), signal),
  }),
  "it is killed before it writes": (storage, kill) => ({
    async put(place, content, signal) {
      kill();
      return await storage.put(place, content, signal);
    },
  }),
};

/** What nobody listened to while this ran, and a little longer. It would end a worker. */
async function unheard(work: () => Promise<unknown>): Promise<unknown[]> {
  const heard: unknown[] = [];
  const listener = (error: unknown) => void heard.push(error);
  process.on("uncaughtException", listener);
  try {
    await work();
    await setTimeout(20);
  } finally {
    process.off("uncaughtException", listener);
  }
  return heard;
}

describe("a task whose streams fail", () => {
  for (const { name, task, properties } of [...archives, ...codecs, ...conversions]) {
    for (const [what, change] of Object.entries(faults)) {
      it(`${name} fails alone when ${what}`, { timeout: 20_000 }, async () => {
        await using context = await aTaskContext();
        const given = await properties(context);
        const killer = new AbortController();
        const storage = { ...context.storage, ...change(context.storage, () => killer.abort(kill)) };
        const surroundings = { ...context, storage, signal: killer.signal };
        const errors = await unheard(() =>
          assert.rejects(
            runTask(task, given, surroundings),
            (error) => error === fault || killer.signal.aborted,
          ),
        );
        assert.deepEqual(errors, []);
      });
    }
  }

  it("an upload fails alone when its file goes, nobody answers, or it is killed", async () => {
    await using context = await aTaskContext();
    const server = createServer((request, response) => request.on("error", () => undefined).pipe(response));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const file = await context.give("a", noise);
    const killer = new AbortController();
    const upload = (storage: Partial<Storage>, uri = url) =>
      runTask(
        request,
        { uri, method: "POST", contentType: "multipart/form-data", formData: { file } },
        { ...context, storage: { ...context.storage, ...storage }, signal: killer.signal },
      );
    const get = (instead: () => void) => ({
      get: (uri: string) => cut(context.storage.get(uri), 3, instead),
    });
    const errors = await unheard(async () => {
      await assert.rejects(upload(get(throwFault)), /The disk is on fire|other side closed/);
      await assert.rejects(upload({}, "http://127.0.0.1:9"), /ECONNREFUSED/);
      await assert.rejects(upload(get(() => killer.abort(kill))), () => killer.signal.aborted);
    });
    server.close();
    assert.deepEqual(errors, []);
  });
});
