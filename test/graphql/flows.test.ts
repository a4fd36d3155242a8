import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readFlow } from "../../src/flow/read-flow.ts";
import { taskTypes } from "../../src/tasks/registry.ts";
import { anApi } from "./an-api.ts";

const api = await anApi();

const source = (id: string, message: string) => `id: ${id}
namespace: company.team
description: Says something.
labels:
  team: rides
inputs:
  - id: who
    type: STRING
tasks:
  - id: say
    type: io.kestra.plugin.core.log.Log
    message: ${message}
`;

const save = `mutation ($input: SaveFlowInput!) { saveFlow(input: $input) {
  isValid issues { severity reason message hint line column path } revision { revision source message createdBy } flow { id latestRevision }
} }`;

async function saved(text: string, rest: Record<string, unknown> = {}) {
  const { saveFlow } = await api.read(save, { input: { source: text, ...rest } });
  return saveFlow;
}

describe("Mutation.saveFlow", () => {
  it("saves a text as the next revision, and the same text once", async () => {
    const first = await saved(source("counted", "Hello"), { message: "First" });
    assert.deepEqual([first.isValid, first.issues], [true, []]);
    assert.deepEqual([first.revision.revision, first.revision.message], [1, "First"]);
    assert.equal(first.revision.source, source("counted", "Hello"));
    assert.equal((await saved(source("counted", "Hello"))).revision.revision, 1);
    const second = await saved(source("counted", "Bye"));
    assert.deepEqual([second.revision.revision, second.flow.latestRevision], [2, 2]);
  });

  it("says where the faults of a text are, and saves nothing", async () => {
    const result = await saved(source("broken", "Hello").replace("message:", "mesage:"));
    assert.equal(result.isValid, false);
    assert.equal(result.revision, null);
    assert.equal(result.flow, null);
    const issue = result.issues.find(({ message }: { message: string }) => /mesage/.test(message));
    assert.equal(issue.severity, "ERROR");
    assert.deepEqual([issue.line, issue.column > 0], [12, true]);
    const { flow } = await api.read(`{ flow(namespace: "company.team", id: "broken") { id } }`);
    assert.equal(flow, null);
  });

  it("says what validateFlow says, and the command line", async () => {
    const faults = source("faulty", '"{{ inputs.whoo | uper }}{{ inputs.whoo }}"')
      .replace(
        "tasks:",
        "pluginDefaults: [{type: io.kestra.plugin.core.log.Log, values: {levl: WARN}}]\ntasks:",
      )
      .replace("STRING", "STRNG");
    const { issues } = await saved(faults);
    const { validateFlow } = await api.read(
      `query ($source: String!) { validateFlow(source: $source) { isValid issues { severity reason message hint line column path } } }`,
      { source: faults },
    );
    assert.deepEqual(validateFlow.issues, issues);
    const { issues: read } = readFlow(faults, taskTypes);
    assert.deepEqual(
      issues,
      read.map((issue) => ({ hint: null, ...issue })),
    );
    assert.deepEqual(
      read.map(({ reason, line }) => `${line} ${reason}`),
      [
        ...["8 invalid_value", "9 unknown_property", "13 unknown_input", "13 expression_syntax"],
        "13 unknown_input",
      ],
    );
  });

  it("refuses when somebody else saved in between", async () => {
    await saved(source("shared", "One"), { expectedRevision: 0 });
    await saved(source("shared", "Two"), { expectedRevision: 1 });
    const error = await api.fail(save, { input: { source: source("shared", "Three"), expectedRevision: 1 } });
    assert.deepEqual([error.extensions?.code, error.extensions?.reason], ["RP409", "outdated_revision"]);
  });

  it("warns of what a Subflow will fail by, or leave out", async () => {
    await saved(source("child", "Hello"));
    const start = (id: string, flowId: string, rest = "") =>
      `  - {id: ${id}, type: io.kestra.plugin.core.flow.Subflow, namespace: company.team, flowId: ${flowId}${rest}}\n`;
    const text = [
      "id: parent\nnamespace: company.team\ntasks:\n",
      start("a", "child", ", inputs: {whom: x}"),
      start("b", "child", ", inputs: {who: '{{ flow.id }}'}"),
      start("c", "child"),
      start("d", "none"),
      start("e", "'{{ flow.id }}'"),
    ].join("");
    const lines = ["4 undeclared_input", "4 missing_input", "6 missing_input", "7 subflow_not_found"];
    const said = (issues: { line: number; reason: string; severity: string }[]) =>
      issues
        .map(({ line, reason, severity }) => `${line} ${reason}${severity === "ERROR" ? "!" : ""}`)
        .sort();
    const { isValid, issues } = await saved(text);
    assert.deepEqual([isValid, said(issues)], [true, lines.toSorted()]);
    const { validateFlow } = await api.read(
      "query ($source: String!) { validateFlow(source: $source) { issues { line reason severity } } }",
      { source: text },
    );
    assert.deepEqual(said(validateFlow.issues), lines.toSorted());

    const broken = await saved(`${text}variabels: {}\n`);
    assert.deepEqual(
      [broken.isValid, said(broken.issues)],
      [false, [...lines, "9 unknown_property!"].sort()],
    );
  });

  it("takes a text of two megabytes", async () => {
    const long = `${source("long", "Hello")}# ${"x".repeat(1_990_000)}\n`;
    assert.equal((await saved(long)).revision.source.length, long.length);
  });
});

describe("Query.validateFlow", () => {
  it("says what is wrong without saving", async () => {
    const { good, bad } = await api.read(
      `query ($good: String!, $bad: String!) {
        good: validateFlow(source: $good) { isValid namespace id issues { message } }
        bad: validateFlow(source: $bad) { isValid namespace id issues { reason line } }
      }`,
      { good: source("unsaved", "Hello"), bad: "id: [" },
    );
    assert.deepEqual(good, { isValid: true, namespace: "company.team", id: "unsaved", issues: [] });
    assert.equal(bad.isValid, false);
    assert.ok(bad.issues.length > 0);
    const { flow } = await api.read(`{ flow(namespace: "company.team", id: "unsaved") { id } }`);
    assert.equal(flow, null);
  });
});

describe("FlowRevision", () => {
  it("shows its parts and its tasks", async () => {
    await saved(source("parts", "Hello"));
    const { flow } = await api.read(
      `{ flow(namespace: "company.team", id: "parts") {
        description labels isDisabled latest {
          revision description labels variables inputs outputs createdAt flow { id }
          tasks { id type kind branch position parentId isDisabled definition }
        }
      } }`,
    );
    assert.equal(flow.description, "Says something.");
    assert.deepEqual(flow.latest.labels, { team: "rides" });
    assert.equal(flow.latest.inputs[0].id, "who");
    assert.deepEqual(flow.latest.tasks, [
      {
        id: "say",
        type: "io.kestra.plugin.core.log.Log",
        kind: "RUNNABLE",
        branch: "tasks",
        position: 0,
        parentId: null,
        isDisabled: false,
        definition: { message: "Hello" },
      },
    ]);
  });

  it("differs from any other revision, and from the one before unless told", async () => {
    for (const message of ["One", "Two", "Three"]) await saved(source("changing", message));
    const diff = async (revision: number, against?: number) => {
      const { flowRevision } = await api.read(
        `query ($revision: Int!, $against: Int) {
          flowRevision(namespace: "company.team", flowId: "changing", revision: $revision) { diff(against: $against) }
        }`,
        { revision, against },
      );
      return flowRevision.diff as string;
    };
    assert.match(
      await diff(3),
      /--- revision 2\n\+\+\+ revision 3\n@@[\s\S]*- {4}message: Two\n\+ {4}message: Three/,
    );
    assert.match(await diff(3, 1), /- {4}message: One\n\+ {4}message: Three/);
    assert.match(await diff(1, 3), /- {4}message: Three\n\+ {4}message: One/);
    assert.match(await diff(1), /@@ -0,0 \+1,12 @@/);
    assert.equal(await diff(2, 2), "");
    await assert.rejects(() => diff(2, 9), /revision_not_found/);
  });
});

describe("Query.flows", () => {
  it("is narrowed by namespace, text and whether they are disabled", async () => {
    await saved(source("listed", "Hello").replace("company.team", "other.team"));
    const { all, below, text, disabled } = await api.read(`{
      all: flows { totalCount }
      below: flows(condition: { namespace: "other" }) { nodes { id namespace } }
      text: flows(condition: { text: "other.team.LISTED" }) { totalCount }
      disabled: flows(condition: { isDisabled: true }) { totalCount }
    }`);
    assert.ok(all.totalCount > 1);
    assert.deepEqual(below.nodes, [{ id: "listed", namespace: "other.team" }]);
    assert.equal(text.totalCount, 1);
    assert.equal(disabled.totalCount, 0);
  });

  it("keeps up with disabling, enabling and deleting", async () => {
    await saved(source("switched", "Hello"));
    const flow = { namespace: "company.team", flowId: "switched" };
    const { disableFlow } = await api.read(
      `mutation ($flow: DisableFlowInput!) { disableFlow(input: $flow) { flow { isDisabled } } }`,
      { flow },
    );
    assert.equal(disableFlow.flow.isDisabled, true);
    const start = `mutation ($input: CreateExecutionInput!) { createExecution(input: $input) { execution { id } } }`;
    const refused = await api.fail(start, { input: flow });
    assert.deepEqual([refused.extensions?.code, refused.extensions?.reason], ["RP409", "flow_disabled"]);
    const { enableFlow } = await api.read(
      `mutation ($flow: EnableFlowInput!) { enableFlow(input: $flow) { flow { isDisabled } } }`,
      { flow },
    );
    assert.equal(enableFlow.flow.isDisabled, false);
    const { createExecution } = await api.read(start, { input: { ...flow, inputs: { who: "me" } } });
    const { deleteFlow } = await api.read(
      `mutation ($flow: DeleteFlowInput!) { deleteFlow(input: $flow) { namespace flowId } }`,
      { flow },
    );
    assert.deepEqual(deleteFlow, flow);
    const {
      flow: gone,
      flowRevision,
      execution,
    } = await api.read(
      `query ($id: UUID!) {
        flow(namespace: "company.team", id: "switched") { id }
        flowRevision(namespace: "company.team", flowId: "switched", revision: 1) { revision }
        execution(id: $id) { flow { id } revision { revision } }
      }`,
      { id: createExecution.execution.id },
    );
    assert.equal(gone, null);
    assert.deepEqual(flowRevision, { revision: 1 });
    assert.deepEqual(execution, { flow: null, revision: { revision: 1 } });
    const absent = await api.fail(
      `mutation ($flow: DeleteFlowInput!) { deleteFlow(input: $flow) { flowId } }`,
      { flow },
    );
    assert.deepEqual([absent.extensions?.code, absent.extensions?.reason], ["RP404", "flow_not_found"]);
  });
});

describe("Query.taskTypes", () => {
  it("says what tasks can be, for an editor", async () => {
    const { taskTypes } = await api.read(
      `{ taskTypes { type title description properties outputs examples { title yaml } } }`,
    );
    const log = taskTypes.find(({ type }: { type: string }) => type === "io.kestra.plugin.core.log.Log");
    assert.equal(log.properties.type, "object");
    assert.ok("message" in log.properties.properties);
    assert.ok(log.examples.length > 0);
  });
});
