import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openSecretBox } from "../../src/base/secret-box.ts";
import type { Task } from "../../src/db/generated.ts";
import { renderInTurn } from "../../src/expression/render-in-turn.ts";
import type { ReadOutputs } from "../../src/worker/attempt-context.ts";
import type { Begun } from "../../src/worker/begun.ts";
import { openContext } from "../../src/worker/late-context.ts";
import { watchSecrets } from "../../src/worker/secrets.ts";

const secretBox = openSecretBox(undefined);

/** What a template in the iteration `z` of a ForEach gives, and under which paths of `a` it has had things fetched. */
async function rendered(template: string, found: ReadOutputs[]) {
  const paths: string[] = [];
  const fetchOutputs = async (_: string, { path }: { path: readonly string[] }) => {
    paths.push(path.join());
    return found;
  };
  const begun = { attempt_id: "1", iteration_path: ["z"], outputs: null, loop: null } as unknown as Begun;
  const task = { namespace: "company.team", flow_id: "f", id: "b", reads: { all: true } } as unknown as Task;
  const { signal } = new AbortController();
  const context = openContext(
    { fetchOutputs, secretBox },
    { taskrun: { value: "z" } },
    { begun, task, secrets: watchSecrets(secretBox), signal },
  );
  return { text: await renderInTurn(template, context), paths };
}

describe("openContext", () => {
  it("asks once for a task that has shown nothing anywhere, however wide the loop is", async () => {
    const template = "{{ outputs.a[taskrun.value].x ?? outputs.a.y.x ?? (outputs.a is defined) }}";
    for (const found of [[], [["a", ["z"], "RUNNING", null]], [["a", ["z"], "SKIPPED", null]]])
      assert.deepEqual(await rendered(template, found as ReadOutputs[]), { text: false, paths: ["z"] });
  });

  it("asks on where something is told from elsewhere", async () => {
    const found: ReadOutputs[] = [["a", ["y"], "SUCCESS", { x: "there" }]];
    const { text, paths } = await rendered("{{ outputs.a.y.x }}", found);
    assert.equal(text, "there");
    assert.equal(paths[0], "z");
  });
});
