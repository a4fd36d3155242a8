import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { echo } from "../../../src/tasks/core/echo.ts";
import { assertConditions } from "../../../src/tasks/core/execution/assert.ts";
import { exit } from "../../../src/tasks/core/exit.ts";
import { fail } from "../../../src/tasks/core/fail.ts";
import { log } from "../../../src/tasks/core/log.ts";
import { outputValues } from "../../../src/tasks/core/output-values.ts";
import { returnValue } from "../../../src/tasks/core/return.ts";
import { sleep } from "../../../src/tasks/core/sleep.ts";
import { parseProperties } from "../../../src/tasks/task-type.ts";
import { aTaskContext, runTask } from "../task-context.ts";

describe("io.kestra.plugin.core.log.Log", () => {
  it("says one text at INFO, or a list at its level", async () => {
    await using context = await aTaskContext();
    await runTask(log, { message: "one" }, context);
    await runTask(log, { message: ["two", 3], level: "WARN" }, context);
    assert.deepEqual(context.lines, ["INFO one", "WARN two", "WARN 3"]);
  });

  it("says lists and maps as templates print them, and null as nothing", async () => {
    await using context = await aTaskContext();
    await runTask(log, { message: { uri: "kestra:///x", size: 3 } }, context);
    await runTask(log, { message: [[1, 2], { a: null }] }, context);
    await runTask(log, { message: null }, context);
    assert.deepEqual(context.lines, [
      'INFO {"uri":"kestra:///x","size":3}',
      "INFO [1,2]",
      "INFO {}",
      "INFO ",
    ]);
  });
});

describe("io.kestra.plugin.core.debug.Echo", () => {
  it("says its format at its level", async () => {
    await using context = await aTaskContext();
    await runTask(echo, { format: "one", level: "WARN" }, context);
    assert.deepEqual(context.lines, ["WARN one"]);
  });
});

describe("io.kestra.plugin.core.execution.Assert", () => {
  it("passes when every condition holds", async () => {
    await using context = await aTaskContext();
    assert.deepEqual(await runTask(assertConditions, { conditions: ["{{ 1 == 1 }}", true] }, context), {});
  });

  it("looks at all of them, and fails with how many do not hold or cannot be rendered", async () => {
    await using context = await aTaskContext();
    const conditions = ["{{ 1 == 1 }}", "{{ 1 == 2 }}", "true", "{{ gone.away }}", "0"];
    await assert.rejects(runTask(assertConditions, { conditions, errorMessage: "Look!" }, context), {
      reason: "assertion_failed",
      message: "3 assertions failed!\nLook!",
      details: { failed: 3, success: 2 },
    });
    assert.equal(context.lines[0], "ERROR Assertion `{{ 1 == 2 }}` failed!");
    assert.match(context.lines[1] ?? "", /^ERROR Assertion `\{\{ gone.away \}\}` failed, failed to render `/);
    await assert.rejects(runTask(assertConditions, { conditions: ["false"] }, context), {
      message: "1 assertion failed!",
    });
  });
});

describe("io.kestra.plugin.core.debug.Return", () => {
  it("gives what its format made, as text", async () => {
    await using context = await aTaskContext();
    assert.deepEqual(await runTask(returnValue, { format: "text" }, context), { value: "text" });
    assert.deepEqual(await runTask(returnValue, { format: 2 }, context), { value: "2" });
    assert.deepEqual(await runTask(returnValue, { format: { a: [1] } }, context), { value: '{"a":[1]}' });
    assert.deepEqual(await runTask(returnValue, {}, context), { value: null });
  });
});

describe("io.kestra.plugin.core.execution.Fail", () => {
  it("fails with its message", async () => {
    await using context = await aTaskContext();
    await assert.rejects(runTask(fail, {}, context), {
      reason: "failed_on_purpose",
      message: "Task failure",
    });
    await assert.rejects(runTask(fail, { condition: true, errorMessage: "no" }, context), {
      message: "Fail on a condition",
      details: { errorMessage: "no" },
    });
    assert.deepEqual(context.lines, ["ERROR no"]);
  });

  it("passes when its condition is false, 0, -0 or blank", async () => {
    await using context = await aTaskContext();
    for (const condition of [false, "false", 0, "-0", " ", ""]) {
      assert.deepEqual(await runTask(fail, { condition }, context), {});
    }
  });
});

describe("io.kestra.plugin.core.execution.Exit", () => {
  it("says in which state the execution ends", async () => {
    await using context = await aTaskContext();
    const end = async (properties: object) =>
      (await exit.run({ properties: parseProperties(exit, { ...properties }), context })).exit;
    assert.deepEqual(
      [await end({}), await end({ state: "CANCELED" }), await end({ state: "KILLED" })],
      ["SUCCESS", "CANCELLED", "KILLED"],
    );
  });
});

describe("io.kestra.plugin.core.flow.Sleep", () => {
  it("waits", async () => {
    await using context = await aTaskContext();
    const start = performance.now();
    await runTask(sleep, { duration: "PT0.05S" }, context);
    assert.ok(performance.now() - start >= 49);
  });

  it("wakes at once when the attempt is killed, however long it was to be", async () => {
    const kill = new AbortController();
    await using context = await aTaskContext({ signal: kill.signal });
    const asleep = runTask(sleep, { duration: "P365D" }, context);
    setImmediate(() => kill.abort(new Error("killed")));
    await assert.rejects(asleep, { message: "killed" });
  });
});

describe("io.kestra.plugin.core.output.OutputValues", () => {
  it("gives its values with their types", async () => {
    await using context = await aTaskContext();
    const values = { rows: 3, region: "eu", nested: { list: [true, null] } };
    assert.deepEqual(await runTask(outputValues, { values }, context), { values });
    assert.deepEqual(await runTask(outputValues, {}, context), { values: {} });
  });
});
