import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { aWrittenFlow } from "../../support/a-flow.ts";
import { anEndedExecution, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import type { Script } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "./block-flows.ts";
import { replayed } from "./replayed.ts";

const db = await testDatabase();

const sequential = (id: string, tasks: string[], rest = "") =>
  block(id, "Sequential", `tasks: [${tasks}]${rest}`);
const disabled = (id: string) => log(id, ", disabled: true");

/** Runs the first text to its end, and replays it on the second. */
async function revised(
  client: ClientBase,
  [first, second]: [first: string, second: string],
  script: Script,
  anchor: string,
) {
  const id = `flow-${randomUUID()}`;
  const write = (body: string) => `id: ${id}\nnamespace: company.team\n${body}\n`;
  const ended = await anEndedExecution(client, await aWrittenFlow(client, write(first)), script);
  await aWrittenFlow(client, write(second));
  return await replayed(client, ended, anchor, { revision: "latest" });
}

describe("a replay from failed or auto, where the target revision does not run what failed", () => {
  for (const anchor of ["failed", "auto"]) {
    it(`goes on behind it, with ${anchor}`, () =>
      db.inTransaction(async (client) => {
        const first = `tasks: [${log("a")}, ${log("f")}, ${log("d")}]\nerrors: [${log("e")}]`;
        for (const second of [
          `tasks: [${log("a")}, ${log("d")}]\nerrors: [${log("e")}]`,
          `tasks: [${log("a")}, ${disabled("f")}, ${log("d")}]\nerrors: [${log("e")}]`,
        ]) {
          const { plan, lines } = await revised(client, [first, second], { f: "FAILED" }, anchor);
          assert.deepEqual(
            plan.filter((line) => !line.startsWith("f ")),
            ["a CARRIED unchanged", "d RERUN anchor", "e UNKNOWN handles"],
          );
          assert.deepEqual(lines, ["= SUCCESS", "a SUCCESS", "d SUCCESS"]);
        }
      }));

    it(`goes on behind it in the block, with ${anchor}`, () =>
      db.inTransaction(async (client) => {
        const { plan, lines } = await revised(
          client,
          [
            `tasks: [${sequential("s", [log("a"), log("f"), log("d")])}, ${log("n")}]`,
            `tasks: [${sequential("s", [log("a"), log("d")])}, ${log("n")}]`,
          ],
          { f: "FAILED" },
          anchor,
        );
        assert.deepEqual(plan, [
          "s REOPENED unstopped",
          "a CARRIED unchanged",
          "d NEW not_reached",
          "n RERUN after s",
          "f REMOVED removed",
        ]);
        assert.deepEqual(lines, ["= SUCCESS", "a SUCCESS", "d SUCCESS", "n SUCCESS", "s SUCCESS"]);
      }));

    it(`keeps what a loop has finished, with ${anchor}`, () =>
      db.inTransaction(async (client) => {
        const loop = (tasks: string[]) => block("l", "ForEach", `values: [x, y, z], tasks: [${tasks}]`);
        const { plan, lines } = await revised(
          client,
          [
            `tasks: [${loop([log("a"), log("f"), log("d")])}, ${log("n")}]`,
            `tasks: [${loop([log("a"), log("d")])}, ${log("n")}]`,
          ],
          ({ taskId, begun }) => (taskId === "f" && begun.iteration_path?.[0] === "y" ? "FAILED" : "SUCCESS"),
          anchor,
        );
        assert.deepEqual(
          plan.filter((line) => !line.includes("REMOVED")),
          [
            "l REOPENED unstopped",
            ...["a[x] CARRIED unchanged", "d[x] CARRIED unchanged", "a[y] CARRIED unchanged"],
            ...["d[y] NEW not_reached", "a[z] NEW not_reached", "d[z] NEW not_reached"],
            "n RERUN after l",
          ],
        );
        assert.deepEqual(lines, [
          ...["= SUCCESS", "a[x] SUCCESS", "a[y] SUCCESS", "a[z] SUCCESS"],
          ...["d[x] SUCCESS", "d[y] SUCCESS", "d[z] SUCCESS", "l SUCCESS", "n SUCCESS"],
        ]);
      }));
  }

  it("goes on in a block that had only it, and in one whose failure was allowed", () =>
    db.inTransaction(async (client) => {
      const first = sequential("s", [log("f"), log("g")], ", allowFailure: true");
      const second = sequential("s", [log("g")], ", allowFailure: true");
      const { plan, lines } = await revised(
        client,
        [`tasks: [${first}, ${log("n")}]`, `tasks: [${second}, ${log("n")}]`],
        { f: "FAILED" },
        "failed",
      );
      assert.deepEqual(plan.slice(0, 3), ["s REOPENED unstopped", "g NEW not_reached", "n RERUN after s"]);
      assert.deepEqual(lines, ["= SUCCESS", "g SUCCESS", "n SUCCESS", "s SUCCESS"]);

      const empty = await revised(
        client,
        [
          `tasks: [${sequential("s", [log("a"), log("f")])}, ${log("n")}]`,
          `tasks: [${sequential("s", [log("a")])}, ${log("n")}]`,
        ],
        { f: "FAILED" },
        "failed",
      );
      assert.deepEqual(empty.lines, ["= SUCCESS", "a SUCCESS", "n SUCCESS", "s SUCCESS"]);
    }));

  it("goes on behind a block in which nothing is left, also where the flow has nothing else in blocks", () =>
    db.inTransaction(async (client) => {
      for (const kind of ["Sequential", "Parallel", "AllowFailure"]) {
        const made = (one: string) => `tasks: [${block("s", kind, `tasks: [${one}]`)}, ${log("n")}]`;
        const { plan, lines } = await revised(
          client,
          [made(log("f")), made(disabled("f"))],
          { f: "FAILED" },
          "failed",
        );
        assert.equal(plan[0], "s REOPENED unstopped", kind);
        assert.deepEqual(lines, ["= SUCCESS", "n SUCCESS", "s SUCCESS"], kind);
      }
    }));

  it("goes on behind a block that is gone with it, and beside what failed and is still there", () =>
    db.inTransaction(async (client) => {
      const lanes = (first: string[]) => [sequential("p", first), sequential("q", [log("b"), log("h")])];
      const parallel = (first: string[]) => block("l", "Parallel", `tasks: [${lanes(first)}]`);
      const { plan, lines } = await revised(
        client,
        [`tasks: [${parallel([sequential("s", [log("f")]), log("d")])}]`, `tasks: [${parallel([log("d")])}]`],
        { f: "FAILED", h: "FAILED" },
        "failed",
      );
      assert.deepEqual(
        plan.filter((line) => !line.includes("REMOVED")),
        [
          ...["l REOPENED around", "p REOPENED unstopped", "d NEW not_reached"],
          ...["q REOPENED around", "b CARRIED unchanged", "h RERUN anchor"],
        ],
      );
      assert.equal(lines[0], "= SUCCESS");
    }));

  it("runs a WorkingDirectory as a whole", () =>
    db.inTransaction(async (client) => {
      const directory = (tasks: string[]) => block("w", "WorkingDirectory", `tasks: [${tasks}]`);
      const { plan, lines } = await revised(
        client,
        [`tasks: [${directory([log("a"), log("f")])}]`, `tasks: [${directory([log("a")])}]`],
        { f: "FAILED" },
        "failed",
      );
      assert.equal(plan[0], "w RERUN anchor");
      assert.deepEqual(lines, ["= SUCCESS", "a SUCCESS", "w SUCCESS"]);
    }));
});

describe("a replay from failed, where what failed is given its outputs", () => {
  it("goes on behind it, in blocks and iterations too", () =>
    db.inTransaction(async (client) => {
      const s = sequential("s", [log("f"), log("d")]);
      const id = await anEndedExecution(client, await aBlockFlow(client, `tasks: [${s}, ${log("n")}]`), {
        f: "FAILED",
      });
      const { plan, lines } = await replayed(client, id, "failed", { overrides: { f: { made: 1 } } });
      assert.deepEqual(plan, [
        "s REOPENED unstopped",
        "f CARRIED overridden",
        "d NEW not_reached",
        "n RERUN after s",
      ]);
      assert.deepEqual(lines, ["= SUCCESS", "d SUCCESS", "f SUCCESS", "n SUCCESS", "s SUCCESS"]);

      const loop = block("l", "ForEach", `values: [x, y], tasks: [${log("t")}, ${log("u")}]`);
      const looped = await anEndedExecution(
        client,
        await aBlockFlow(client, `tasks: [${loop}]`),
        ({ taskId, begun }) => (taskId === "t" && begun.iteration_path?.[0] === "x" ? "FAILED" : "SUCCESS"),
      );
      for (const key of ["t", 't["x"]']) {
        const again = await replayed(client, looped, "failed", { overrides: { [key]: { made: 1 } } });
        assert.deepEqual(again.lines, [
          ...["= SUCCESS", "l SUCCESS", "t[x] SUCCESS", "t[y] SUCCESS", "u[x] SUCCESS", "u[y] SUCCESS"],
        ]);
      }
    }));
});

describe("a replay from failed or auto, where only handlers failed", () => {
  for (const anchor of ["failed", "auto"])
    it(`runs those again, with ${anchor}`, () =>
      db.inTransaction(async (client) => {
        for (const [body, carried] of [
          [`tasks: [${log("a")}]\nfinally: [${log("e")}, ${log("f")}]`, ["a", "e"]],
          [`tasks: [${log("a")}]\nfinally: [${log("e")}]\nafterExecution: [${log("f")}]`, ["a", "e"]],
          [`tasks: [${log("a")}]\nfinally: [${sequential("e", [log("f")])}]`, ["a"]],
          [`tasks: [${sequential("s", [log("a")], `, finally: [${log("f")}]`)}]`, ["a"]],
        ] as const) {
          const id = await anEndedExecution(client, await aBlockFlow(client, body), { f: "FAILED" });
          const before = await linesOf(client, id);
          assert.ok(before.includes("f FAILED") && before.includes("= SUCCESS"));
          const { plan, replay } = await replayed(client, id, anchor);
          assert.ok(plan.includes("f RERUN anchor"), plan.join());
          const runs = await taskRunsOf(client, replay.id);
          assert.deepEqual([runs.f?.state, runs.f?.attempts], ["SUCCESS", ["2 SUCCESS"]]);
          for (const task of carried) assert.deepEqual(runs[task]?.attempts, [], `${task} is carried`);
        }
      }));
});
