import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { parse, stringify } from "yaml";
import { packageRoot } from "../../../src/base/version.ts";
import { exampleContext } from "../../../src/expression/reference/entry.ts";
import { renderDeep } from "../../../src/expression/render-deep.ts";
import { isItemType } from "../../../src/flow/for-each-item.ts";
import { readFlow } from "../../../src/flow/read-flow.ts";
import { referencePages } from "../../../src/tasks/reference/pages.ts";
import { taskTypes } from "../../../src/tasks/registry.ts";
import { parseProperties } from "../../../src/tasks/task-type.ts";
import { aTaskContext } from "../task-context.ts";

describe("the reference", () => {
  for (const [name, text] of Object.entries(referencePages())) {
    it(`docs/${name} is what the sources say`, () =>
      assert.ok(readFileSync(join(packageRoot, "docs", name), "utf8") === text, "run `npm run generate`"));
  }

  it("leads nowhere that is not there", () => {
    const pages = referencePages();
    const lost = Object.values(pages).flatMap((text) =>
      [...text.matchAll(/\]\(([a-z]+\.md)(#[a-z-]+)?\)/g)]
        .filter(([, page = "", anchor]) => !isThere(pages[page], anchor))
        .map(([link]) => link),
    );
    assert.deepEqual(lost, []);
  });
});

function isThere(page: string | undefined, anchor: string | undefined): boolean {
  const titles = [...(page ?? "").matchAll(/^#+ (.*)$/gm)].map(
    ([, title = ""]) => `#${title.toLowerCase().replaceAll(" ", "-")}`,
  );
  return page !== undefined && (anchor === undefined || titles.includes(anchor));
}

describe("examples of tasks", () => {
  /** What the tasks before would have given, and the inputs, are not part of an example. */
  const surroundings = new Set(["unknown_task", "unknown_input", "unknown_variable"]);

  for (const { type, examples } of taskTypes.values()) {
    if (isItemType(type)) continue;
    for (const { title, yaml } of examples) {
      it(`${type} takes "${title}"`, () => {
        const task = { id: "example", type, ...(parse(yaml) as object) };
        const { issues } = readFlow(
          stringify({ id: "f", namespace: "company.team", tasks: [task] }),
          taskTypes,
        );
        assert.deepEqual(
          issues.filter(({ reason }) => !surroundings.has(reason)),
          [],
        );
      });
    }
  }

  const alone = ["log.Log", "debug.Return", "output.OutputValues", "execution.Exit"];
  for (const name of alone) {
    const type = taskTypes.get(`io.kestra.plugin.core.${name}`);
    for (const { title, yaml } of type?.examples ?? []) {
      it(`${name} runs "${title}"`, async () => {
        assert.ok(type);
        await using context = await aTaskContext();
        const flow = { id: "f", namespace: "company.team", revision: 1 };
        const rendered = renderDeep(
          parse(yaml),
          { ...exampleContext, flow },
          { isText: type.isText === true },
        );
        const properties = parseProperties(type, rendered as Record<string, unknown>);
        const { outputs } = await type.run({ properties, context });
        type.outputs.parse(outputs);
      });
    }
  }
});
