import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { block, log } from "../blocks/block-flows.ts";
import { moved } from "./moved.ts";

const [a, b, m, z] = [log("a"), log("b"), log("m"), log("z")];
const loop = (id: string, ...tasks: string[]) =>
  block(id, "ForEach", `values: [p, q], tasks: [${tasks.join(", ")}]`);
const choice = (then: string[], otherwise: string[]) =>
  block("i", "If", `condition: "{{ true }}", then: [${then.join(", ")}], else: [${otherwise.join(", ")}]`);

const tasks = (...list: string[]) => `tasks: [${list.join(", ")}]`;

describe("a task that a revision has moved elsewhere", () => {
  it("is new in a loop, each of whose iterations goes on with it", async () => {
    const [before, after] = [tasks(m, loop("l", a), z), tasks(loop("l", a, m), z)];
    const planned = [
      ...["l REOPENED inserted_in", "a[p] CARRIED unchanged", "m[p] NEW inserted"],
      ...["a[q] CARRIED unchanged", "m[q] NEW inserted", "z RERUN anchor", "m REMOVED removed"],
    ];
    const ended = [
      ...["l SUCCESS 1", "a[p] SUCCESS 1", "a[q] SUCCESS 1", "m[p] SUCCESS 1", "m[q] SUCCESS 1"],
      ...["z SUCCESS 2", "= SUCCESS"],
    ];
    assert.deepEqual(await moved(before, after, "task:z"), { planned, codes: [], ended });
    const byItself = await moved(before, after, "auto");
    assert.deepEqual(byItself.ended, ended);
  });

  it("is new behind the loop in which it was", async () => {
    const [before, after] = [tasks(loop("l", a, m), z), tasks(loop("l", a), m, z)];
    const ended = [
      "l SUCCESS 1",
      "a[p] SUCCESS 1",
      "a[q] SUCCESS 1",
      "m SUCCESS 1",
      "z SUCCESS 2",
      "= SUCCESS",
    ];
    assert.deepEqual((await moved(before, after, "task:z")).ended, ended);
    assert.deepEqual((await moved(before, after, "auto")).ended, ended);
  });

  it("is new in a loop that is put around it", async () => {
    const outcome = await moved(tasks(m, z), tasks(loop("l", m), z), "task:z");
    assert.deepEqual(outcome.planned, [
      ...["l NEW inserted", "m UNKNOWN decided", "z RERUN anchor", "m REMOVED removed"],
    ]);
    assert.deepEqual(outcome.ended, [
      "l SUCCESS 1",
      "m[p] SUCCESS 1",
      "m[q] SUCCESS 1",
      "z SUCCESS 2",
      "= SUCCESS",
    ]);
  });

  it("runs where it had not run, and a branch that was chosen has it now", async () => {
    const [before, after] = [tasks(choice([a], [m]), z), tasks(choice([a, m], [b]), z)];
    const ended = ["i SUCCESS 1", "a SUCCESS 1", "m SUCCESS 1", "z SUCCESS 2", "= SUCCESS"];
    const outcome = await moved(before, after, "task:z");
    assert.deepEqual(outcome.planned, [
      ...["i REOPENED inserted_in", "a CARRIED unchanged", "m NEW inserted", "b NOT_REACHED not_chosen"],
      "z RERUN anchor",
    ]);
    assert.deepEqual(outcome.ended, ended);
    assert.deepEqual((await moved(before, after, "auto")).ended, ended);
  });

  it("is where nothing comes to in a branch that was not chosen, which is said of an anchor", async () => {
    const [before, after] = [tasks(choice([a, m], [b]), z), tasks(choice([a], [b, m]), z)];
    const outcome = await moved(before, after, "task:m");
    assert.deepEqual(outcome.codes, ["anchor_not_reached"]);
    assert.deepEqual(outcome.planned, [
      ...["i REOPENED around", "a CARRIED unchanged", "b NOT_REACHED not_chosen", "m REMOVED not_chosen"],
      "z RERUN after",
    ]);
    assert.deepEqual(outcome.ended, ["i SUCCESS 1", "a SUCCESS 1", "z SUCCESS 2", "= SUCCESS"]);
    const reads = z.replace("hi", `"{{ outputs.m }}"`);
    const readers = await moved(
      tasks(choice([a, m], [b]), reads),
      tasks(choice([a], [b, m]), reads),
      "task:m",
    );
    assert.deepEqual(readers.codes, ["removed_output_read", "anchor_not_reached"]);
  });

  it("handles ends where it had not, or no longer", async () => {
    const handled = `${tasks(a, z)}\nerrors: [${m}]`;
    const intoErrors = await moved(tasks(a, m, z), handled, "task:m");
    assert.deepEqual(intoErrors.codes, ["nothing_reached"]);
    const outOfErrors = await moved(handled, tasks(a, m, z), "auto");
    assert.deepEqual(outOfErrors.ended, ["a SUCCESS 1", "m SUCCESS 1", "z SUCCESS 2", "= SUCCESS"]);
    const inBlock = (one: string, two: string) => tasks(block("s", "Sequential", `tasks: [${one}]${two}`), z);
    const inside = await moved(inBlock(a, `, errors: [${m}]`), inBlock(`${a}, ${m}`, ""), "task:z");
    assert.deepEqual(inside.planned, [
      ...["s REOPENED inserted_in", "a CARRIED unchanged", "m NEW inserted", "z RERUN anchor"],
    ]);
    assert.deepEqual(inside.ended, ["s SUCCESS 1", "a SUCCESS 1", "m SUCCESS 1", "z SUCCESS 2", "= SUCCESS"]);
  });
});
