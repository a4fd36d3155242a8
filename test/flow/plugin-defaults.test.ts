import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TaskTypes } from "../../src/flow/check-tasks.ts";
import { readFlow } from "../../src/flow/read-flow.ts";
import { taskTypes as allTypes } from "../../src/tasks/registry.ts";
import { flow, log, taskTypes } from "./task-types.ts";

const download = "  - id: get\n    type: io.kestra.plugin.core.http.Download\n    uri: a\n";

/** What a task says of itself in a flow with some `pluginDefaults`, each on a line of its own from line 4 on. */
function definitions(tasks: string, defaults: readonly string[], types: TaskTypes = taskTypes) {
  const rest = `pluginDefaults:\n${defaults.map((each) => `  - ${each}\n`).join("")}`;
  const { flow: read, issues } = readFlow(flow(tasks, rest), types);
  assert.deepEqual(issues, []);
  return (read?.tasks ?? []).map(({ definition }) => definition);
}

function issuesOf(tasks: string, defaults: readonly string[], types: TaskTypes = taskTypes) {
  const rest = `pluginDefaults:\n${defaults.map((each) => `  - ${each}\n`).join("")}`;
  return readFlow(flow(tasks, rest), types).issues.map(({ line, column, reason, hint }) =>
    [`${line}:${column} ${reason}`, hint].filter((part) => part !== undefined),
  );
}

describe("pluginDefaults", () => {
  const logType = "io.kestra.plugin.core.log.Log";
  const httpType = "io.kestra.plugin.core.http.Download";

  it("give what a task does not say, the first of the list first", () => {
    const found = definitions(log("a"), [
      `{type: ${logType}, values: {level: WARN, message: unused}}`,
      `{type: ${logType}, values: {level: ERROR, timeout: PT1M}}`,
    ]);
    assert.deepEqual(found, [{ message: "Hello", level: "WARN", timeout: "PT1M" }]);
  });

  it("hold for all types that begin so, those of the type itself before", () => {
    const found = definitions(log("a") + download, [
      "{type: io.kestra., values: {level: TRACE, timeout: PT1M}}",
      "{type: io.kestra.plugin.core., values: {level: DEBUG, timeout: PT2M}}",
      `{type: ${logType}, values: {level: WARN}}`,
      "{type: io.kestra.plugin.core.htt, values: {options: {retries: 1}}}",
    ]);
    assert.deepEqual(found, [
      { message: "Hello", level: "WARN", timeout: "PT2M" },
      { uri: "a", timeout: "PT2M", options: { retries: 1 } },
    ]);
  });

  it("win over the task where they are forced, the first of the list last", () => {
    const found = definitions(log("a"), [
      `{type: ${logType}, forced: true, values: {message: first}}`,
      `{type: ${logType}, forced: true, values: {message: second}}`,
      `{type: ${logType}, values: {message: third, level: WARN}}`,
      "{type: io.kestra., forced: true, values: {message: fourth}}",
    ]);
    assert.deepEqual(found, [{ message: "first", level: "WARN" }]);
  });

  it("are taken under their former name, behind those under the present one", () => {
    const former = `taskDefaults:\n  - {type: ${logType}, values: {level: WARN, message: 1, mesage: x}}\n`;
    const present = `pluginDefaults:\n  - {type: ${logType}, values: {level: ERROR}}\n`;
    const issues = (rest: string) =>
      readFlow(flow(log("a"), rest), taskTypes).issues.map(
        ({ line, column, reason }) => `${line}:${column} ${reason}`,
      );
    assert.deepEqual(issues(former), ["3:1 deprecated_property", "4:77 unknown_property"]);
    assert.deepEqual(issues(former + present), ["3:1 deprecated_property", "4:77 unknown_property"]);

    const levelIn = (rest: string) =>
      readFlow(flow(log("a"), rest), taskTypes).flow?.tasks[0]?.definition.level;
    assert.equal(levelIn(former.replace(", mesage: x", "")), "WARN");
    assert.equal(levelIn(former.replace(", mesage: x", "") + present), "ERROR");
    assert.equal(levelIn(`${former.replace(", mesage: x", "")}pluginDefaults:\n`), "WARN");
    const aliased = present.replace("pluginDefaults:", "pluginDefaults: &all");
    assert.equal(levelIn(`${aliased}taskDefaults: *all\n`), "ERROR");
  });

  it("are merged with maps, put before lists, and not taken back by null", () => {
    const tasks = `${download}    options: {retries: 3, allowFailed: null}\n  - {id: say, type: ${logType}, message: [b, c]}\n`;
    const found = definitions(tasks, [
      `{type: ${httpType}, values: {options: {retries: 1, allowFailed: true}}}`,
      `{type: ${logType}, values: {message: [a, b]}}`,
    ]);
    assert.deepEqual(found, [
      { uri: "a", options: { retries: 3, allowFailed: true } },
      { message: ["a", "b", "c"] },
    ]);
  });

  it("leave out what only they bring in and another kind of a thing does not know", () => {
    const request = "io.kestra.plugin.core.http.Request";
    const basic = `{type: ${request}, values: {options: {auth: {type: BASIC, username: u}, followRedirects: false}}}`;
    const task = (id: string, auth: string) =>
      `  - {id: ${id}, type: ${request}, uri: "http://a", options: {auth: {${auth}}}}\n`;
    assert.deepEqual(
      definitions(task("a", "type: BEARER, token: t") + task("b", "password: p"), [basic], allTypes).map(
        ({ options }) => options,
      ),
      [
        { auth: { type: "BEARER", token: "t" }, followRedirects: false },
        { auth: { type: "BASIC", username: "u", password: "p" }, followRedirects: false },
      ],
    );
    const forced = basic
      .replace("values", "forced: true, values")
      .replace("username: u", "username: u, password: f");
    assert.deepEqual(
      definitions(task("a", "type: BEARER, token: t"), [forced], allTypes).map(({ options }) => options),
      [{ auth: { type: "BASIC", username: "u", password: "f" }, followRedirects: false }],
    );
    assert.deepEqual(issuesOf(task("a", "type: BEARER, token: t, username: x"), [basic], allTypes), [
      ["6:113 unknown_property"],
    ]);
  });

  it("reach tasks in blocks, blocks, and whatever else has a type", () => {
    const block = "io.kestra.plugin.core.flow.Parallel";
    const tasks = `  - id: p\n    type: ${block}\n    tasks:\n      - id: a\n        type: ${logType}\n        retry: {type: constant}\n`;
    const found = definitions(tasks, [
      `{type: ${logType}, values: {message: Hi}}`,
      `{type: ${block}, values: {concurrent: 2}}`,
      "{type: constant, values: {interval: PT1S}}",
    ]);
    assert.deepEqual(found, [
      { concurrent: 2 },
      { message: "Hi", retry: { type: "constant", interval: "PT1S" } },
    ]);
  });

  it("with a ref are for the tasks that ask for it, and leave no trace of that", () => {
    const asking = log("b").replace("    message", "    pluginDefaultsRef: loud\n    message");
    const found = definitions(log("a") + asking, [`{type: ${logType}, ref: loud, values: {level: ERROR}}`]);
    assert.deepEqual(found, [{ message: "Hello" }, { message: "Hello", level: "ERROR" }]);
  });

  it("for the old name of a type hold for the new one", () => {
    const tasks =
      "  - id: s\n    type: io.kestra.plugin.core.flow.Subflow\n    namespace: a\n    flowId: b\n";
    const found = definitions(tasks, ["{type: io.kestra.core.tasks.flows.Subflow, values: {wait: false}}"]);
    assert.deepEqual(found, [{ namespace: "a", flowId: "b", wait: false }]);
  });

  it("are part of the work of a task: others make another fingerprint", () => {
    const printOf = (level: string) => {
      const rest = `pluginDefaults: [{type: ${logType}, values: {level: ${level}}}]\n`;
      return readFlow(flow(log("a"), rest), taskTypes).flow?.tasks[0]?.fingerprint;
    };
    assert.notEqual(printOf("WARN"), printOf("ERROR"));
    assert.equal(printOf("WARN"), printOf("WARN"));
  });

  it("are read by the task: what they need of others counts", () => {
    const rest = `pluginDefaults: [{type: ${httpType}, values: {options: {retries: "{{ outputs.a.x }}"}}}]\n`;
    const read = readFlow(flow(log("a") + download, rest), taskTypes).flow;
    assert.deepEqual(read?.tasks.at(-1)?.readsTasks, ["a"]);
  });
});

describe("pluginDefaults, what is wrong with them", () => {
  const logType = "io.kestra.plugin.core.log.Log";
  const cases: [what: string, tasks: string, defaults: string, issues: string[][]][] = [
    [
      "a type that nothing begins with",
      log("a"),
      "{type: io.kestra.plugin.core.log.Lg, values: {level: WARN}}",
      [["4:12 unknown_task_type", "Did you mean `io.kestra.plugin.core.log.Log`?"]],
    ],
    [
      "a beginning that no type has",
      log("a"),
      "{type: io.kestra.plugin.croe., values: {level: WARN}}",
      [["4:12 unknown_task_type", "Did you mean `io.kestra.plugin.core.`?"]],
    ],
    [
      "a property that the type does not have",
      log("a"),
      `{type: ${logType}, values: {levl: WARN}}`,
      [["4:52 unknown_property", "Did you mean `level`?"]],
    ],
    [
      "a property that none of the types has",
      log("a"),
      "{type: io.kestra.plugin.core.log., values: {levl: WARN}}",
      [["4:49 unknown_property", "Did you mean `level`?"]],
    ],
    [
      "a value of another type, once",
      log("a") + log("b"),
      `{type: ${logType}, values: {level: LOUD}}`,
      [["4:59 invalid_value"]],
    ],
    [
      "a value that no task has yet",
      download,
      `{type: ${logType}, values: {level: LOUD, timeout: long}}`,
      [["4:59 invalid_value"], ["4:74 invalid_duration", "Write it as in `PT30S`, `PT15M` or `P1D`."]],
    ],
    [
      "a template that does not parse",
      download,
      `{type: ${logType}, values: {message: "{{ 1 + }}"}}`,
      [["4:69 expression_syntax"]],
    ],
    [
      "a reference that leads nowhere",
      log("a"),
      `{type: ${logType}, forced: true, values: {message: "{{ inputs.x }}"}}`,
      [["4:79 unknown_input"]],
    ],
    [
      "what cannot be a default",
      log("a"),
      `{type: ${logType}, values: {id: x, type: y, level: }}`,
      [["4:52 no_default"], ["4:59 no_default"], ["4:75 missing_value", "Give one, or leave the key out."]],
    ],
    [
      "a misspelt word of the entry itself",
      log("a"),
      `{type: ${logType}, values: {level: WARN}, force: true}`,
      [["4:66 unknown_property", "Did you mean `forced`?"]],
    ],
    ["no values", log("a"), `{type: ${logType}}`, [["4:5 missing_property"]]],
    ["nothing in the values", log("a"), `{type: ${logType}, values: {}}`, [["4:51 missing_property"]]],
    ["no type", log("a"), "{values: {a: 1}}", [["4:5 missing_property"]]],
    [
      "a ref that is not there",
      log("a").replace("    message", "    pluginDefaultsRef: lod\n    message"),
      `{type: ${logType}, ref: loud, values: {level: WARN}}`,
      [["8:24 unknown_plugin_defaults", "Did you mean `loud`?"]],
    ],
  ];
  for (const [what, tasks, defaults, issues] of cases) {
    it(`is ${what}`, () => assert.deepEqual(issuesOf(tasks, [defaults]), issues));
  }

  it("is more than a flow can hold", () => {
    const many = Array.from({ length: 5_000 }, (_, index) => `k${index}`).join(", ");
    const tasks = Array.from({ length: 100 }, (_, index) => log(`t${index}`)).join("");
    const found = issuesOf(tasks, [`{type: ${logType}, values: {message: [${many}]}}`]);
    assert.deepEqual(found, [["3:1 too_many_defaults", "Give fewer values, or to fewer tasks."]]);
  });

  it("is what would take long to put together", () => {
    const numbers = (from: number) =>
      `[${Array.from({ length: 20_000 }, (_, index) => from + index).join(", ")}]`;
    const message = `  - {id: a, type: ${logType}, message: ${numbers(0)}}\n`;
    assert.deepEqual(issuesOf(message, [`{type: ${logType}, values: {message: ${numbers(10_000)}}}`]), []);
    const many = Array.from(
      { length: 1_000 },
      (_, index) => `{type: ${logType}, values: {message: [${index}]}}`,
    );
    const found = issuesOf(message, many);
    assert.deepEqual(found, [["3:1 too_many_defaults", "Give fewer values, or to fewer tasks."]]);
  });

  it("is not where the tasks are that they hold for, though what is wrong there still is", () => {
    const tasks = `${log("a")}    level: LOUD\n`;
    const found = issuesOf(tasks, [`{type: ${logType}, values: {message: [x]}}`]);
    assert.deepEqual(found, [["9:12 invalid_value"]]);
  });
});
