import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { z } from "zod";
import { taskTypes } from "../../src/tasks/registry.ts";

for (const type of taskTypes.values()) {
  describe(type.type, () => {
    it("explains itself and each of its properties and outputs", () => {
      assert.match(type.description, /\.$/);
      assert.ok(type.title.length > 0);
      for (const shape of [type.properties.shape, type.outputs.shape]) {
        for (const [name, schema] of Object.entries(shape)) {
          assert.match(
            String((schema as z.ZodType).meta()?.description ?? ""),
            /\S/,
            `${name} has no description`,
          );
        }
      }
    });

    it("has examples that parse", () => {
      assert.ok(type.examples.length > 0);
      for (const { title, yaml } of type.examples) {
        const given = Object.entries(parse(yaml) as Record<string, unknown>);
        // What holds a template can be anything once it is rendered; only its name is checked here.
        const plain = given.filter(([, value]) => !JSON.stringify(value).includes("{{"));
        const names = given.map(([name]) => name);
        assert.deepEqual(
          names.filter((name) => !(name in type.properties.shape)),
          [],
          title,
        );
        type.properties.partial().parse(Object.fromEntries(plain));
      }
    });

    it("has a JSON Schema for editors", () => {
      assert.equal(z.toJSONSchema(type.properties, { io: "input" }).type, "object");
    });
  });
}
