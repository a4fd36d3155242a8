import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { concat } from "../../../../src/tasks/core/storage/concat.ts";
import { deduplicateItems } from "../../../../src/tasks/core/storage/deduplicate-items.ts";
import { filterItems } from "../../../../src/tasks/core/storage/filter-items.ts";
import { reverse } from "../../../../src/tasks/core/storage/reverse.ts";
import { size } from "../../../../src/tasks/core/storage/size.ts";
import { splitFile } from "../../../../src/tasks/core/storage/split.ts";
import { write } from "../../../../src/tasks/core/storage/write.ts";
import { aTaskContext, runTask, type TestContext } from "../../task-context.ts";

const lines = (...all: unknown[]) => Buffer.from(all.map((each) => `${JSON.stringify(each)}\n`).join(""));
const textOf = async (context: TestContext, uri: string) => String(await context.take(uri));

describe("io.kestra.plugin.core.storage.Concat", () => {
  it("writes files in their order, with the separator behind each", async () => {
    await using context = await aTaskContext();
    const files = [await context.give("a", Buffer.from("1")), await context.give("b", Buffer.from("2"))];
    const joined = async (properties: object) =>
      await textOf(context, (await runTask(concat, { files, ...properties }, context)).uri);
    assert.equal(await joined({}), "12");
    assert.equal(await joined({ separator: "\n" }), "1\n2\n");
    assert.equal(await joined({ files: JSON.stringify(files) }), "12");
    for (const extension of [".csv", "csv"])
      assert.match((await runTask(concat, { files, extension }, context)).uri, /concat\.csv$/);
    await assert.rejects(joined({ files: ["http://x"] }), { reason: "invalid_properties" });
  });
});

describe("io.kestra.plugin.core.storage.DeduplicateItems", () => {
  const run = async (content: Buffer, expr: string) => {
    await using context = await aTaskContext();
    const from = await context.give("items.ion", content);
    const { uri, ...counts } = await runTask(deduplicateItems, { from, expr }, context);
    return { counts: Object.values(counts), text: await textOf(context, uri) };
  };

  it("keeps the last item of each key, in the order of those", async () => {
    const items = ["k1:v1", "k2:v1", "k3:v1", "k1:v2", "k2:v2", "k2:null", "k3:v2", "k1:v3"];
    const content = lines(...items.map((item) => ({ key: item.slice(0, 2), value: item.slice(3) })));
    const { counts, text } = await run(content, "{{ key }}");
    assert.deepEqual(counts, [3, 8, 5]);
    assert.equal(
      text,
      String(lines({ key: "k2", value: "null" }, { key: "k3", value: "v2" }, { key: "k1", value: "v3" })),
    );
  });

  it("leaves lines as they are written, and knows numbers and times of Ion", async () => {
    const content = Buffer.from("{a:1,at:2024-01-01T00:00:00Z}\n\n{a:1.0, at:2024-01-01T00:00:00Z}");
    assert.equal((await run(content, "{{ at }}")).text, "{a:1.0, at:2024-01-01T00:00:00Z}\n");
  });

  it("says in which line there is no item", async () => {
    await assert.rejects(run(Buffer.from("{a:1}\n[1]\n"), "{{ a }}"), {
      reason: "not_an_item",
      message: "Line 2 of the file is not an item in Ion: it is no map.",
    });
    await assert.rejects(run(Buffer.from("{a:"), "{{ a }}"), { reason: "not_an_item" });
  });
});

describe("io.kestra.plugin.core.storage.FilterItems", () => {
  const numbers = [1, 2, 3, 4].map((value) => ({ key: `k${value}`, value }));
  const broken = [
    { key: "k1", value: 1 },
    { key: "k2", value: "dummy" },
    { key: "k3", value: 3 },
    numbers[3],
  ];
  const even = "{{ value % 2 == 0 }}";

  for (const { items, properties, kept } of [
    { items: numbers, properties: { filterCondition: even }, kept: ["k2", "k4"] },
    { items: numbers, properties: { filterCondition: true }, kept: ["k1", "k2", "k3", "k4"] },
    { items: numbers, properties: { filterCondition: even, filterType: "EXCLUDE" }, kept: ["k1", "k3"] },
    { items: numbers, properties: { filterCondition: "{{ value }}" }, kept: ["k1", "k2", "k3", "k4"] },
    {
      items: broken,
      properties: { filterCondition: even, errorOrNullBehavior: "INCLUDE" },
      kept: ["k2", "k4"],
    },
    { items: broken, properties: { filterCondition: even, errorOrNullBehavior: "EXCLUDE" }, kept: ["k4"] },
  ])
    it(`keeps ${kept} by ${JSON.stringify(properties)} of ${JSON.stringify(items)}`, async () => {
      await using context = await aTaskContext();
      const from = await context.give("items.ion", lines(...items));
      const outputs = await runTask(filterItems, { from, ...properties }, context);
      const keys = (await textOf(context, outputs.uri))
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).key);
      assert.deepEqual(keys, kept);
      assert.equal(outputs.processedItemsTotal, 4);
      assert.equal(outputs.droppedItemsTotal, 4 - kept.length);
    });

  it("fails over an item whose condition cannot be rendered, and leaves no file behind", async () => {
    await using context = await aTaskContext();
    const from = await context.give("items.ion", lines(...broken));
    await assert.rejects(runTask(filterItems, { from, filterCondition: even }, context), {
      reason: "filter_failed",
      message: /^Expression `\{\{ value % 2 == 0 \}\}` failed on item `\{"key":"k2","value":"dummy"\}`: /,
    });
    assert.equal((await context.filesLeft()).length, 1);
  });
});

describe("io.kestra.plugin.core.storage.Reverse", () => {
  const turned = async (content: string, properties = {}) => {
    await using context = await aTaskContext();
    const from = await context.give("rows.csv", Buffer.from(content));
    const { uri } = await runTask(reverse, { from, ...properties }, context);
    assert.match(uri, /\.csv$/);
    return await textOf(context, uri);
  };

  it("writes the last line first", async () => {
    assert.equal(await turned("1\n2\n3\n"), "3\n2\n1\n");
    assert.equal(await turned("1\r\n2\r3\n\n4é"), "4é\n\n3\n2\n1\n");
    assert.equal(await turned("a\nb", { separator: ";" }), "b;a;");
    assert.equal(await turned(""), "");
  });

  it("knows charsets by the names that Java has for them, but for those in which a line ends with more than a byte", async () => {
    for (const charset of ["utf-8", "UTF8"])
      assert.equal(await turned("é\nb", { charset, separator: "ü" }), "büéü");
    for (const charset of ["latin1", "ISO-8859-15", "Cp1252", "us-ascii"])
      assert.equal(await turned("a\nb", { charset }), "b\na\n");
    for (const charset of ["UTF-16", "utf-16le", "UTF-32", "IBM037", "x-y"])
      await assert.rejects(turned("a", { charset }), { reason: "invalid_properties" });
  });

  it("reads files that are larger than a piece, whatever stands where they are cut", async () => {
    const all = Array.from({ length: 200_000 }, (_, index) => `line ${index} ü`);
    assert.equal(await turned(all.join("\r\n")), `${all.toReversed().join("\n")}\n`);
  });
});

describe("io.kestra.plugin.core.storage.Size", () => {
  it("gives the length in bytes", async () => {
    await using context = await aTaskContext();
    const uri = await context.give("a", Buffer.from("é1"));
    assert.deepEqual(await runTask(size, { uri }, context), { size: 3 });
    await assert.rejects(runTask(size, { uri: `${uri}x` }, context), { reason: "file_not_found" });
  });
});

describe("io.kestra.plugin.core.storage.Write", () => {
  it("stores a text, also an empty one, under a name with its extension", async () => {
    await using context = await aTaskContext();
    const { uri } = await runTask(write, { content: "é", extension: ".txt" }, context);
    assert.match(uri, /\.txt$/);
    assert.equal(await textOf(context, uri), "é");
    assert.match((await runTask(write, { content: "é", extension: "txt" }, context)).uri, /\.txt$/);
    const empty = await runTask(write, { content: "" }, context);
    assert.match(empty.uri, /\.tmp$/);
    assert.equal(await textOf(context, empty.uri), "");
    await assert.rejects(runTask(write, {}, context), { reason: "invalid_properties" });
  });
});

describe("io.kestra.plugin.core.storage.Split", () => {
  const parts = async (content: string, properties: object) => {
    await using context = await aTaskContext();
    const from = await context.give("rows.csv", Buffer.from(content));
    const { uris } = await runTask(splitFile, { from, ...properties }, context);
    return await Promise.all(uris.map((uri) => textOf(context, uri)));
  };

  it("cuts by rows, into partitions in turn, by size, and by a pattern", async () => {
    assert.deepEqual(await parts("1\n2\n3", { rows: 2 }), ["1\n2\n", "3\n"]);
    assert.deepEqual(await parts("1\n2\n3", { partitions: 2 }), ["1\n3\n", "2\n"]);
    assert.deepEqual(await parts("1\n2", { partitions: 8 }), ["1\n", "2\n"]);
    assert.deepEqual(await parts("a1\nb1\nx\na2", { regexPattern: "^([ab])" }), ["a1\na2\n", "b1\n"]);
    assert.deepEqual(await parts("", { rows: 2 }), []);
    const long = Array.from({ length: 12_288 }, () => "x".repeat(20)).join("\n");
    assert.equal((await parts(long, { bytes: "1KB" })).length, 251);
  });

  it("takes the first of several ways, and refuses none", async () => {
    assert.equal((await parts("a\nb\nc", { rows: 1, partitions: 2 })).length, 2);
    await assert.rejects(parts("a", {}), {
      message: "Invalid configuration with no size, count, rows, nor regexPattern",
    });
    await assert.rejects(parts("a", { bytes: "much" }), { message: "Invalid size with value 'much'" });
  });
});
