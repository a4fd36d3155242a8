import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);
const script = join(import.meta.dirname, "../../bench/run.ts");

describe("bench/run.ts", () => {
  it("prints one JSON document: figures, floor, ratios, machine", async () => {
    const { stdout } = await run(process.execPath, [script, "hop", "--json", "--tiny", "--runs", "1"]);
    const result = JSON.parse(stdout);
    assert.equal(result.name, "hop");
    for (const part of ["figures", "floor", "ratios"]) {
      const values = Object.values(result[part]);
      assert.ok(values.length > 0, part);
      assert.ok(
        values.every((value) => typeof value === "number" && value > 0),
        part,
      );
    }
    assert.ok(result.machine.cpuCount > 0);
  });

  it("explains itself when it is asked for what there is not", async () => {
    await assert.rejects(run(process.execPath, [script, "nothing"]), { code: 2, stderr: /npm run bench/ });
  });
});
