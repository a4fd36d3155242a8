import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import type { Worker } from "../../src/worker/worker.ts";
import { block } from "../sql/blocks/block-flows.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";

const db = await testDatabase();
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString);
});
after(async () => await worker?.[Symbol.asyncDispose]());

/** The values of `parents` that are looked at. */
const MOST = 5;
const kinds = ["ForEach", "Loop", "Sequential", "Parallel", "If", "LoopUntil"] as const;
type Kind = (typeof kinds)[number] | "WorkingDirectory";

const say = (id: string, text: string, more = "") =>
  `{ id: ${id}, type: test.Say, text: ${JSON.stringify(text)}${more} }`;

/** Tasks in blocks in each other, the outermost first; each loop has one value, which is its own. */
function nest(around: readonly Kind[], tasks: string): string {
  return around.reduceRight((inner, kind, depth) => {
    const id = `b${depth}`;
    const rest = {
      ...{
        ForEach: `values: [v${depth}], tasks: [${inner}]`,
        Loop: `values: [v${depth}], tasks: [${inner}]`,
      },
      ...{
        Sequential: `tasks: [${inner}]`,
        Parallel: `tasks: [${inner}]`,
        If: `condition: true, then: [${inner}]`,
      },
      LoopUntil: `condition: true, tasks: [${inner}]`,
      WorkingDirectory: `tasks: [${inner}]`,
    }[kind];
    return block(id, kind, rest);
  }, tasks);
}

/** What a reader in these blocks sees as values of `parents`, and of which steps of its path a plan believes that they are these. */
async function valuesIn(around: readonly Kind[]) {
  const loops = around.filter((kind) => kind === "ForEach" || kind === "Loop");
  // Loops have no keys: what is in them is read as in a world of its own.
  const steps = [...loops.keys()].filter((step) => loops[step] === "ForEach");
  const places = Array.from({ length: MOST }, (_, place) => place);
  const keys = (step: number, key: string) =>
    steps.map((each) => (each === step ? `[${key}]` : "['-']")).join("");
  const claims = steps.flatMap((step) =>
    [
      ...places.map((place) => [`p${place}`, `parents[${place}].taskrun.value`]),
      ["own", "taskrun.value"],
    ].map(([name, key = ""]) =>
      say(`r_${step}_${name}`, `{{ outputs.a${keys(step, key)} ?? '' }}`, ", disabled: true"),
    ),
  );
  const seen = [...places.map((place) => `parents[${place}].taskrun.value`), "taskrun.value"];
  const text = seen.map((each) => `{{ ${each} ?? '' }}`).join(" ");
  const tasks = [say("a", "a"), say("reader", text), ...claims].join(", ");
  const flow = await aWorkerFlow(db.pool, `tasks: [${nest(around, tasks)}]`);
  const id = await anExecution(db.pool, flow);
  await untilEnded(db.pool, id);
  const { rows } = await db.pool.query<{ text: string; path: string[] }>(
    `select a.outputs ->> 'text' as text, r.iteration_path as path
    from reprise.task_runs as r
    join reprise.tasks as t on t.key = r.task_key and t.id = 'reader'
    join reprise.attempts as a on a.task_run_id = r.id
    where r.execution_id = $1`,
    [id],
  );
  assert.equal(rows.length, 1, around.join(" "));
  const values = (rows[0]?.text ?? "").split(" ");
  const { rows: read } = await db.pool.query<{ id: string; own: number[] | null }>(
    "select t.id, t.reads -> 'own' -> 'a' as own from reprise.tasks as t where t.flow_id = $1 and t.id like 'r\\_%'",
    [flow.id],
  );
  const byName = new Map(read.map((task) => [task.id, task.own ?? []]));
  const isOwn = (step: number, name: string) => byName.get(`r_${step}_${name}`)?.includes(step) === true;
  return { path: rows[0]?.path ?? [], steps, values, isOwn };
}

const nameAt = (place: number) => (place === MOST ? "own" : `p${place}`);

describe("values of loops around a task, by which outputs are read as those of its own iteration", () => {
  it("are those that the task sees", async () => {
    const nests = fc.tuple(
      fc.array(fc.constantFrom(...kinds, "ForEach" as const, "ForEach" as const), {
        minLength: 1,
        maxLength: 5,
      }),
      fc.boolean(),
    );
    await fc.assert(
      fc.asyncProperty(nests, async ([blocks, isInDirectory]) => {
        const around: Kind[] = isInDirectory ? [...blocks, "WorkingDirectory"] : blocks;
        const { path, steps, values, isOwn } = await valuesIn(around);
        for (const step of steps)
          for (const [place, value] of values.entries())
            if (value !== "" && isOwn(step, nameAt(place)))
              assert.equal(value, path[step], `${around.join(" ")}: ${nameAt(place)} at ${step}`);
      }),
      { numRuns: 25 },
    );
  });

  it("are found in all of parents, where no block around has outputs and no value", async () => {
    for (const around of [
      ["ForEach", "ForEach", "ForEach"],
      ["ForEach", "Sequential", "ForEach", "Parallel", "ForEach"],
      ["ForEach", "ForEach", "ForEach", "Sequential"],
      ["ForEach", "Sequential", "ForEach", "ForEach", "WorkingDirectory"],
    ] as Kind[][]) {
      const { path, steps, values, isOwn } = await valuesIn(around);
      for (const step of steps)
        for (const [place, value] of values.entries())
          assert.equal(
            isOwn(step, nameAt(place)),
            value === path[step],
            `${around.join(" ")}: ${place} at ${step}`,
          );
    }
  });
});
