import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anchorsText } from "../../../src/cli/present/anchors-text.ts";
import { runName } from "../../../src/cli/present/run-name.ts";

describe("the name of a task run", () => {
  for (const [path, name] of [
    [null, "load"],
    [["eu", "1"], "load[eu, 1]"],
    [
      ["kestra:///company/team/flow/executions/1/split-2.ion", "b"],
      "load[kestra:///co…tions/1/split-2.ion, b]",
    ],
    [["x".repeat(32)], `load[${"x".repeat(32)}]`],
    [["😀".repeat(33)], `load[${"😀".repeat(12)}…${"😀".repeat(19)}]`],
  ] as const)
    it(`is ${name}`, () => assert.equal(runName("load", path), name));
});

describe("anchors", () => {
  const chosen = (anchor: string, taskId: string | null, path: string[] | null = null) => ({
    anchor,
    taskId,
    path,
  });
  for (const [anchors, text] of [
    [[chosen("start", "a")], "start"],
    [[chosen("task:a", "a"), chosen("task:b", "b")], "task:a, task:b"],
    [[chosen("failed", "a", ["v"]), chosen("failed", "b")], "failed (a[v], b)"],
    [[chosen("failed", null)], "failed"],
    [[chosen("57", "b")], "57 (b)"],
    [null, ""],
  ] as const)
    it(`are told as ${text || "nothing"}`, () =>
      assert.equal(anchorsText({ anchors: anchors as Parameters<typeof anchorsText>[0]["anchors"] }), text));
});
