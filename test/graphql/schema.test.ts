import "./quiet-graphile.ts";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import {
  buildSchema,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isSpecifiedScalarType,
} from "postgraphile/graphql";
import { createApiPool } from "../../graphql/api-pool.ts";
import { printApiSchema } from "../../graphql/print-schema.ts";
import { silentLogger } from "../../src/base/log.ts";
import { packageRoot } from "../../src/base/version.ts";
import { testDatabase } from "../support/database.ts";

const { connectionString } = await testDatabase();
const db = createApiPool({ connectionString, size: 2 }, silentLogger);
const text = await printApiSchema(db);
after(() => db.end());
const schema = buildSchema(text);
const types = Object.values(schema.getTypeMap()).filter(
  (type) => !type.name.startsWith("__") && !isSpecifiedScalarType(type),
);

describe("graphql/schema.graphql", () => {
  it("is what the database says; if not, run npm run generate", async () => {
    const written = await readFile(join(packageRoot, "graphql/schema.graphql"), "utf8");
    assert.ok(written === text, "schema.graphql is stale: run `npm run generate` and commit what it writes.");
  });

  it("documents every type, field, argument and value, in words of its own", () => {
    const silent = types.flatMap((type) => [
      ...(type.description ? [] : [type.name]),
      ...(isEnumType(type) ? type.getValues() : [])
        .filter((value) => !value.description)
        .map((value) => `${type.name}.${value.name}`),
      ...fieldsOf(type).flatMap((field) => [
        ...(field.description ? [] : [`${type.name}.${field.name}`]),
        ...("args" in field ? field.args : [])
          .filter((arg) => !arg.description)
          .map((arg) => `${type.name}.${field.name}(${arg.name})`),
      ]),
    ]);
    assert.deepEqual(silent, []);
    assert.doesNotMatch(
      text,
      /Reads a single|Reads and enables|Get a single|A condition to be used|The method to use/,
    );
  });

  it("has clean names", () => {
    const names = types.flatMap((type) => [type.name, ...fieldsOf(type).map(({ name }) => name)]);
    assert.deepEqual(
      names.filter((name) => /rowId|^all[A-Z]|By[A-Z]|[rR]eprise|[sS]tored/.test(name)),
      [],
    );
    for (const type of types.filter(isEnumType)) {
      assert.ok(
        type.getValues().every(({ name }) => /^[A-Z][A-Z_]*$/.test(name)),
        type.name,
      );
    }
  });

  it("has no lists with empty entries", () => {
    const lists = types
      .flatMap((type) => fieldsOf(type).flatMap((field) => [field, ...("args" in field ? field.args : [])]))
      .filter(({ type }) => /\[\w+\]/.test(String(type)));
    assert.deepEqual(
      lists.map(({ name }) => name),
      [],
    );
  });

  it("gives what is large as text", () => {
    const execution = schema.getType("Execution");
    assert.ok(isObjectType(execution));
    assert.equal(String(execution.getFields().durationMs?.type), "BigInt");
  });

  it("changes nothing but by its verbs", () => {
    assert.deepEqual(Object.keys(schema.getMutationType()?.getFields() ?? {}).sort(), [
      ...[
        "changeTaskRunState",
        "createExecution",
        "deleteFlow",
        "disableFlow",
        "enableFlow",
        "forceRunExecution",
      ],
      ...[
        "killExecution",
        "pauseExecution",
        "purgeExecutions",
        "replayExecution",
        "restartExecution",
        "resumeExecution",
        "saveFlow",
        "setLabels",
        "unqueueExecution",
      ],
    ]);
  });
});

function fieldsOf(type: GraphQLNamedType): (GraphQLField<unknown, unknown> | GraphQLInputField)[] {
  return isObjectType(type) || isInputObjectType(type) ? Object.values(type.getFields()) : [];
}
