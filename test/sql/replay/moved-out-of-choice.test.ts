import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { block, log } from "../blocks/block-flows.ts";
import { moved } from "./moved.ts";

const [a, b, c] = [log("a"), log("b"), log("c")];
const z = `{ id: z, type: io.kestra.plugin.core.log.Log, message: "{{ outputs.b.value ?? 'none' }}" }`;
const tasks = (...list: string[]) => `tasks: [${list.join(", ")}]`;
const choice = (then: string[], otherwise: string[], rest = "") =>
  block("i", "If", `condition: true, then: [${then.join(", ")}], else: [${otherwise.join(", ")}]${rest}`);
const cases = (x: string[], y: string[]) =>
  block("w", "Switch", `value: "{{ taskrun.value }}", cases: { x: [${x.join(", ")}], y: [${y.join(", ")}] }`);
const loop = (inner: string) => block("l", "ForEach", `values: [x, y], tasks: [${inner}]`);

describe("a task that a revision has moved into a list that was not chosen", () => {
  const ended = ["i SUCCESS 1", "a SUCCESS 1", "z SUCCESS 2", "= SUCCESS"];

  it("is dropped, and what reads it is where `auto` starts", async () => {
    for (const anchor of ["auto", "task:z"]) {
      assert.deepEqual(await moved(tasks(choice([a, b], [c]), z), tasks(choice([a], [c, b]), z), anchor), {
        planned: [
          ...["i CARRIED unchanged", "a CARRIED inside", "c NOT_REACHED not_chosen", "b REMOVED not_chosen"],
          "z RERUN anchor",
        ],
        codes: [],
        ended,
      });
    }
  });

  it("is a change for what reads it, and is dropped in blocks in it, and with what is in it", async () => {
    const inner = (...list: string[]) => block("s", "Sequential", tasks(...list));
    const last = log("y");
    const whole = await moved(
      tasks(choice([a, inner(b)], [c]), z, last),
      tasks(choice([a], [c, inner(b, log("n"))]), z, last),
      "task:y",
    );
    assert.deepEqual(whole.planned.slice(2), [
      ...[
        "c NOT_REACHED not_chosen",
        "s REMOVED not_chosen",
        "b REMOVED not_chosen",
        "n NOT_REACHED not_chosen",
        "z CARRIED_CHANGED changed",
        "y RERUN anchor",
      ],
    ]);
    const wrapped = tasks(choice([a], [c, inner(b)]), z);
    assert.deepEqual((await moved(tasks(choice([a, b], [c]), z), wrapped, "auto")).ended, ended);
  });

  it("is dropped in the iterations in which another case was chosen", async () => {
    const [before, after] = [tasks(loop(cases([a, b], [c])), z), tasks(loop(cases([a], [c, b])), z)];
    const { ended } = await moved(before, after, "auto");
    assert.deepEqual(
      ended.filter((line) => /^[abz]/.test(line)),
      ["a[x] SUCCESS 1", "b[y] SUCCESS 1", "z SUCCESS 2"],
    );
  });

  it("is dropped where its block was left out", async () => {
    const skipped = (...list: string[]) => choice(list, [c], `, runIf: false`);
    const { planned } = await moved(tasks(b, skipped(a), z), tasks(skipped(a, b), z), "task:z");
    assert.ok(planned.includes("b REMOVED not_chosen"), planned.join("\n"));
  });

  it("stays where it is carried if its new list was chosen, or is one that runs at an end", async () => {
    const [before, after] = [tasks(b, choice([a], [c]), z), tasks(choice([a, b], [c]), z)];
    assert.deepEqual((await moved(before, after, "task:z")).planned, [
      ...["i CARRIED unchanged", "a CARRIED inside", "b CARRIED inside", "c NOT_REACHED not_chosen"],
      "z RERUN anchor",
    ]);
    const handled = (list: string, last: string) => choice([list], [c], `, finally: [${last}]`);
    const { planned } = await moved(tasks(handled(a, b), z), tasks(handled(a, b), log("n"), z), "task:z");
    assert.ok(planned.includes("b CARRIED inside"), planned.join("\n"));
  });
});
