import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { CompiledCheck } from "../../src/flow/compiled-flow.ts";
import { judgeChecks, needsNoWorker } from "../../src/flow/judge-checks.ts";

const context = { inputs: { n: 3, text: "true" }, flow: { id: "f" }, vars: {} };

function check(
  condition: string | boolean,
  behavior: CompiledCheck["behavior"] = "BLOCK_EXECUTION",
): CompiledCheck {
  return { condition, behavior, message: `${condition}`, style: "INFO" };
}

describe("judgeChecks", () => {
  it("has nothing to say when all of them hold", async () => {
    assert.equal(await judgeChecks([check("{{ inputs.n > 2 }}"), check(true)], context), undefined);
  });

  it("takes nothing but true for true", async () => {
    for (const condition of ["{{ inputs.n }}", "{{ inputs.text }}", "true", "", false])
      assert.equal(
        (await judgeChecks([check(condition)], context))?.behavior,
        "BLOCK_EXECUTION",
        String(condition),
      );
  });

  it("goes by the strongest of those that fail, and names all of them", async () => {
    const failed = [
      check("{{ inputs.n > 7 }}", "CREATE_EXECUTION"),
      check("{{ true }}"),
      check("{{ inputs.n > 8 }}", "FAIL_EXECUTION"),
    ];
    assert.deepEqual(await judgeChecks(failed, context), {
      behavior: "FAIL_EXECUTION",
      message:
        "Flow execution failed: one or more condition checks evaluated to false.\nFailed checks: {{ inputs.n > 7 }}, {{ inputs.n > 8 }}",
    });
  });

  it("blocks where a condition cannot be rendered", async () => {
    const judgement = await judgeChecks([check("{{ inputs.none }}", "CREATE_EXECUTION")], context);
    assert.equal(judgement?.behavior, "BLOCK_EXECUTION");
    assert.match(
      judgement?.message ?? "",
      /Failed to evaluate check condition\. Cause: Unable to find `none`/,
    );
  });
});

describe("needsNoWorker", () => {
  it("knows what is there before an execution is", () => {
    for (const [condition, expected] of [
      ["{{ inputs.n > 2 and flow.namespace == 'a' }}", true],
      [true, true],
      ["{{ vars.x }}", true],
      ["{{ labels.x }}", false],
      ["{{ envs.place }}", false],
      ["{{ now() }}", false],
      ["{{ inputs[flow.id] }}", false],
    ] as const)
      assert.equal(needsNoWorker(condition), expected, String(condition));
  });
});
