import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { readFlow } from "../../src/flow/read-flow.ts";
import { cpuMs } from "../support/cpu-ms.ts";
import { issueCases } from "./issue-cases.ts";
import { soundCases } from "./sound-cases.ts";
import { flow, log, taskTypes } from "./task-types.ts";

const issuesOf = (source: string) => readFlow(source, taskTypes).issues;

for (const [group, cases] of Object.entries(issueCases)) {
  describe(`readFlow, what it reports: ${group}`, () => {
    for (const { it: name, source, issues } of cases) {
      it(`reports ${name}`, () => {
        const found = issuesOf(source);
        assert.deepEqual(
          found.map(({ line, column, reason }) => `${line}:${column} ${reason}`),
          issues,
          found.map(({ message }) => message).join("\n"),
        );
        for (const { message } of found) assert.match(message, /^[A-Z`].*[.!?]$/s);
      });
    }
  });
}

describe("readFlow, what it takes", () => {
  for (const { it: name, source } of soundCases) {
    it(`takes ${name}`, () => {
      const { flow, issues } = readFlow(source, taskTypes);
      assert.deepEqual(issues, []);
      assert.ok(flow);
    });
  }

  for (const revision of [1, 2]) {
    it(`takes the flow of Kestra's Replay page unchanged, revision ${revision}`, () => {
      const source = readFileSync(new URL(`divvy_tripdata.${revision}.yaml`, import.meta.url), "utf8");
      const { flow, issues } = readFlow(source, taskTypes);
      assert.deepEqual(issues, []);
      assert.deepEqual(
        flow?.tasks.map(({ id, readsTasks }) => [id, readsTasks]),
        [
          ["get_zipfile", []],
          ["unzip", ["get_zipfile"]],
          ["convert", ["unzip"]],
          ["to_parquet", ["convert"]],
        ],
      );
    });
  }
});

describe("readFlow, what it makes of YAML", () => {
  it("keeps what is written behind tags that mean nothing here", () => {
    const variables = "variables: {a: !!binary aGk=, b: !!timestamp 2024-01-01, c: !!set {d}, e: !mine f}\n";
    const { flow: read } = readFlow(flow(log("a"), variables), taskTypes);
    assert.deepEqual(read?.definition.variables, { a: "aGk=", b: "2024-01-01", c: { d: null }, e: "f" });
  });

  it("warns of what may be missing, and takes what asks for no namespace files", () => {
    const optional = "outputs: [{id: o, type: STRING, required: false, value: '{{ outputs.x.y }}'}]\n";
    const source = flow(`${log("a", "'{{ item }}'")}    namespaceFiles: {enabled: false}\n`, optional);
    const { flow: read, issues } = readFlow(source, taskTypes);
    const said = issues.map(({ severity, reason }) => `${severity} ${reason}`);
    assert.deepEqual(said, ["WARNING unknown_task", "WARNING no_loop_value"]);
    assert.deepEqual(read?.tasks[0]?.definition, { message: "{{ item }}" });
  });

  it("reads a flow of almost 2 MB", () => {
    const tasks = Array.from({ length: 23_500 }, (_, index) => log(`t${index}`, '"{{ flow.id }}"'));
    const source = flow(tasks.join(""));
    assert.ok(source.length > 1_900_000 && source.length < 2_000_000, `${source.length}`);
    const { flow: read, issues } = readFlow(source, taskTypes);
    assert.deepEqual(issues, []);
    assert.equal(read?.tasks.length, 23_500);
  });
});

describe("readFlow, how it says it", () => {
  it("names the property that is meant", () => {
    const [issue] = issuesOf(flow(log("a"), "task: []\n"));
    assert.equal(issue?.message, "Unknown property `task`.");
    assert.equal(issue?.hint, "Did you mean `tasks`?");
    assert.deepEqual(issue?.path, ["task"]);
  });

  it("names the task type that is meant, whatever the package", () => {
    const [issue] = issuesOf(flow("  - {id: a, type: io.kestra.core.tasks.flows.Sequental}\n"));
    assert.equal(issue?.hint, "Did you mean `io.kestra.plugin.core.flow.Sequential`?");
  });

  it("names both places of an id that is used twice", () => {
    const [issue] = issuesOf(flow(log("a") + log("a")));
    assert.equal(issue?.message, "The task id `a` is already used in line 4.");
  });

  it("says what an expression without quotes needs", () => {
    for (const message of ["{{ inputs.x }}", "{{ inputs.x }} and more"]) {
      const [issue] = issuesOf(flow(log("a", message)));
      assert.equal(issue?.hint, 'Put an expression in quotes: `"{{ … }}"`.');
    }
  });

  it("says how a name with a dash is written", () => {
    const [issue] = issuesOf(flow(log("get-file") + log("b", '"{{ outputs.get-file.uri }}"')));
    assert.equal(issue?.message, "There is no task `get`.");
    assert.equal(issue?.hint, "A dash is a minus. Write `outputs['get-file']`.");
  });

  it("names what templates see", () => {
    const [issue] = issuesOf(flow(log("a", '"{{ output.a.x }}"')));
    assert.equal(issue?.message, "Templates do not see `output`.");
    assert.equal(issue?.hint, "Did you mean `outputs`?");
  });

  it("names the outputs that there are", () => {
    const [issue] = issuesOf(flow(`  - {id: g, type: test.Give}\n${log("a", '"{{ outputs.g.sise }}"')}`));
    assert.equal(issue?.message, "The task `g` has no output `sise`. It has `uri`, `size`.");
    assert.equal(issue?.hint, "Did you mean `size`?");
  });

  it("says what a task type says of its properties", () => {
    const schema = z.string().refine(() => false, "Invalid Avro schema: no JSON.");
    const own = new Map([["x.Y", { type: "x.Y", properties: z.object({ schema }) }]]);
    const { issues } = readFlow(flow("  - {id: a, type: x.Y, schema: '{'}\n"), own);
    assert.deepEqual(
      issues.map(({ message }) => message),
      ["Invalid Avro schema: no JSON."],
    );
  });

  it("names the whole circle", () => {
    const variables = 'variables: {a: "{{ vars.b }}", b: "{{ vars.c }}", c: "{{ vars.a }}"}\n';
    const [issue] = issuesOf(flow(log("a"), variables));
    assert.equal(
      issue?.message,
      "The variable `a` needs `b`, which needs `c`, which needs `a`: none of them can be first.",
    );
  });

  it("says what is to come", () => {
    const [issue] = issuesOf(flow(log("a"), "workerGroup: { key: a, fallback: CANCEL }\n"));
    assert.equal(issue?.message, "The `fallback` `CANCEL` is not supported yet.");
  });
});

describe("readFlow, whatever the source", () => {
  const piece = fc.constantFrom(
    ...[
      "id: ",
      "tasks:",
      "\n",
      "  ",
      "- ",
      "{",
      "}",
      "[",
      "]",
      "&a ",
      "*a",
      "!!str ",
      "|",
      ">-",
      '"',
      "'",
      "{{",
      "}}",
    ],
    ...[
      "{% if %}",
      "inputs.",
      "type: ",
      "#",
      "? ",
      ": ",
      "<<",
      "%YAML 1.1",
      "---",
      "\t",
      "~",
      "\\u12",
      "\r\n",
      "é",
      "\ud800",
    ],
    ...[
      "io.kestra.plugin.core.log.Log",
      "inputs",
      "retry",
      "labels",
      "null",
      "1e999",
      "__proto__",
      "constructor",
    ],
  );

  it("answers with issues and never throws", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 40 }).map((parts) => parts.join("")),
        ),
        (source) => {
          const { flow, issues } = readFlow(source, taskTypes);
          assert.ok(flow !== undefined || issues.length > 0);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("never throws on a flow of wild values", () => {
    const keys = [
      "id",
      "namespace",
      "tasks",
      "inputs",
      "outputs",
      "retry",
      "labels",
      "variables",
      "triggers",
      "type",
    ];
    const wild = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom("{{ x", "a", "PT1S", ...keys),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        tie("list"),
        tie("map"),
      ),
      list: fc.array(tie("value"), { maxLength: 4 }),
      map: fc.dictionary(fc.constantFrom(...keys, "message", "cases", "task"), tie("value"), { maxKeys: 6 }),
    }));
    fc.assert(
      fc.property(wild.map, (value) => {
        const { flow, issues } = readFlow(JSON.stringify(value), taskTypes);
        assert.ok(flow !== undefined || issues.length > 0);
      }),
      { numRuns: 2_000 },
    );
  });

  it("reads twice as many keys in about twice the time", () => {
    const time = (count: number) => {
      const source = flow(
        log("a"),
        `variables:\n${Array.from({ length: count }, (_, i) => `  k${i}: v\n`).join("")}`,
      );
      return cpuMs(() => assert.deepEqual(issuesOf(source), []));
    };
    time(5_000);
    const [half, whole] = [time(10_000), time(20_000)];
    // Quadratic time would be four times as much, and some ten seconds altogether.
    assert.ok(whole < 4 * half + 500 && whole < 5_000, `${half} ms, then ${whole} ms`);
  });
});
