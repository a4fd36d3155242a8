import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { linesOf } from "../../../src/tasks/core/for-each-item/lines.ts";
import { merge } from "../../../src/tasks/core/for-each-item/merge.ts";
import { split } from "../../../src/tasks/core/for-each-item/split.ts";
import { aTaskContext, pieces, runTask, type TestContext } from "../task-context.ts";

/** Splits a text, and gives the batches. */
async function batchesOf(
  context: TestContext,
  text: string,
  batch?: Record<string, unknown>,
): Promise<string[]> {
  const items = await context.give("rows.csv", Buffer.from(text));
  const { splits } = await runTask(split, { items, ...(batch && { batch }) }, context);
  const uris = (await context.take(splits)).toString().split("\n").filter(Boolean);
  for (const uri of uris) assert.match(uri, /\.csv$/);
  return await Promise.all(uris.map(async (uri) => (await context.take(uri)).toString()));
}

describe("splitting a file into batches", () => {
  const five = "a\nb\nc\nd\ne\n";
  const cases: [how: string, text: string, batch: Record<string, unknown> | undefined, batches: string[]][] =
    [
      ["row by row when nothing is said", "a\nb", undefined, ["a\n", "b\n"]],
      ["by rows", five, { rows: "2" }, ["a\nb\n", "c\nd\n", "e\n"]],
      ["by rows, with a separator of its own", five, { rows: 3, separator: ";" }, ["a;b;c;", "d;e;"]],
      [
        "by bytes, a batch ending with the row that fills it",
        "aaa\nb\ncc\nd\n",
        { bytes: "5B" },
        ["aaa\nb\n", "cc\nd\n"],
      ],
      ["into partitions, row by row", five, { partitions: 2 }, ["a\nc\ne\n", "b\nd\n"]],
      ["into no more partitions than there are rows", "a\n", { partitions: 3 }, ["a\n"]],
      [
        "by what the first group of a pattern holds, leaving out what does not match",
        "x:1\ny:2\nnone\nx:3\n",
        { regexPattern: "^(\\w):" },
        ["x:1\nx:3\n", "y:2\n"],
      ],
      ["by a pattern without a group into nothing", "x\n", { regexPattern: "x" }, []],
      ["row by row by less than one row", "a\nb", { rows: 0 }, ["a\n", "b\n"]],
      ["by the pattern rather than by rows", "x1\nx2\n", { rows: 1, regexPattern: "(x)" }, ["x1\nx2\n"]],
      ["with any line ends, empty lines kept", "a\r\nb\r\n\nc", { rows: 4 }, ["a\nb\n\nc\n"]],
      ["of nothing into nothing", "", { rows: 4 }, []],
    ];
  for (const [how, text, batch, expected] of cases) {
    it(how, async () => {
      await using context = await aTaskContext();
      assert.deepEqual(await batchesOf(context, text, batch), expected);
    });
  }

  it("keeps rows that are more than memory should hold", async () => {
    await using context = await aTaskContext();
    const rows = Array.from({ length: 40_000 }, (_, row) => `row ${row}`);
    const batches = await batchesOf(context, `${rows.join("\n")}\n`, { partitions: 3 });
    assert.deepEqual(
      batches.map((batch) => batch.split("\n").slice(0, -1)),
      [0, 1, 2].map((part) => rows.filter((_, row) => row % 3 === part)),
    );
  });

  it("refuses what is no stored file", async () => {
    await using context = await aTaskContext();
    await assert.rejects(runTask(split, { items: "rows.csv" }, context), {
      reason: "not_a_stored_file",
      message: "Unable to split the items from rows.csv, this is not an internal storage URI!",
    });
  });

  it("names the batches line by line, with nothing behind the last", async () => {
    await using context = await aTaskContext();
    const items = await context.give("rows.csv", Buffer.from("a\nb\n"));
    const { splits } = await runTask(split, { items }, context);
    assert.match((await context.take(splits)).toString(), /^kestra:\S+\nkestra:\S+$/);
  });

  it("refuses a pattern that does not work, and a size or a number that is none", async () => {
    await using context = await aTaskContext();
    for (const batch of [{ regexPattern: "(" }, { bytes: "many" }, { partitions: 0 }]) {
      await assert.rejects(batchesOf(context, "x\n", batch), { reason: "invalid_properties" });
    }
  });
});

describe("the lines of a text", () => {
  it("are the same wherever its pieces are cut", async () => {
    const bytes = Buffer.from("ä\r\nb\r\rc\n");
    const texts = [...bytes.keys()].map(async (at) => {
      const some = await Array.fromAsync(linesOf(pieces(bytes.subarray(0, at), bytes.subarray(at))));
      return some.flat().join("|");
    });
    assert.deepEqual([...new Set(await Promise.all(texts))], ["ä|b||c"]);
  });
});

describe("gathering the outputs of subflows", () => {
  it("writes a record of Ion on each line", async () => {
    const given = [{ a: 1 }, { a: "x\ny", "b c": [1.5, null] }];
    await using context = await aTaskContext({
      async *subflowOutputs() {
        yield* given;
      },
    });
    const { subflowOutputs } = await runTask(merge, { items: {} }, context);
    assert.equal(
      (await context.take(subflowOutputs as string)).toString(),
      `{a:1}\n{a:"x\\ny",'b c':[1.5e0,null]}\n`,
    );
  });

  it("gives nothing when there are none", async () => {
    await using context = await aTaskContext();
    assert.deepEqual(await runTask(merge, {}, context), {});
  });
});
