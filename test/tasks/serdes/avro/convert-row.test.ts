import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { recordOf, schemaOf } from "./an-avro-schema.ts";
import { convert, convertAll, failure } from "./convert-all.ts";

const millis = { type: "long", logicalType: "timestamp-millis" };

describe("createConvertRow", () => {
  it("puts row, field, value and pattern first, then what Kestra says", async () => {
    const schema = recordOf([
      { name: "id", type: "string" },
      { name: "at", type: millis },
    ]);
    const given = { datetimeFormat: "yy-MM-dd" };
    await assert.rejects(convertAll(schema, '{id:"a",at:"1"}\n{id:"b",at:"2024-01-02"}', given), {
      reason: "row_conversion",
      message:
        'Row 2, field at: "2024-01-02" is not a timestamp in the pattern yy-MM-dd. ' +
        "Text '2024-01-02' could not be parsed at index 2" +
        ' on cols with data ["2024-01-02"] and schema [{"type":"long","logicalType":"timestamp-millis"}]' +
        ' on field \'at\' with data [{"id":"b","at":"2024-01-02"}] with data [{"id":"b","at":"2024-01-02"}]',
      details: { field: "at", value: "2024-01-02", row: 2, pattern: "yy-MM-dd" },
    });
  });

  it("names the way to a nested value", async () => {
    const inner = {
      type: "record",
      name: "P",
      fields: [{ name: "list", type: { type: "array", items: "int" } }],
    };
    const error = await failure(inner, '{list:[1,"x"]}');
    assert.match(
      error.message,
      /^Row 1, field f\.list\[1\]: "x" is not an int\. For input string: "x" on cols/,
    );
  });

  it("cuts long rows in the message", async () => {
    const { message } = await failure("int", `"${"x".repeat(400)}"`);
    assert.ok(message.includes(`{"f":"${"x".repeat(244)} ...]`), message);
  });

  it("looks for aliases where the name gives nothing", async () => {
    const schema = schemaOf("string", { aliases: ["g", "h"] });
    const { records } = await convertAll(schema, '{g:"g",f:"f"}\n{f:null,h:"h"}\n{}');
    assert.deepEqual(records, [{ f: "f" }, { f: "h" }, { f: "null" }]);
  });

  it("takes lists by position, and rows whose names are all colN", async () => {
    const schema = recordOf([
      { name: "a", type: "string" },
      { name: "b", type: ["null", "int"] },
    ]);
    const { records } = await convertAll(
      schema,
      '["x","1","more"]\n["y"]\n{col1:"2",col0:"z"}\n{col0:"q",b:"3"}',
    );
    assert.deepEqual(records, [
      { a: "x", b: { int: 1 } },
      { a: "y", b: null },
      { a: "z", b: { int: 2 } },
      { a: "null", b: { int: 3 } },
    ]);
  });

  it("takes a list as a whole where the schema is one list", async () => {
    const { records } = await convertAll(schemaOf({ type: "array", items: "int" }), "[1,2]");
    assert.deepEqual(records, [{ f: [1, 2] }]);
  });

  it("refuses rows that are neither records nor lists", async () => {
    await assert.rejects(
      convertAll(schemaOf("int"), '"x"'),
      /Unable to convert row of type: class java.lang.String/,
    );
  });

  it("does not mistake what JavaScript gives every object for a field", async () => {
    const { records } = await convertAll(
      recordOf([{ name: "constructor", type: "string" }]),
      '{"a":"b"}\n{a:"b"}',
    );
    assert.deepEqual(
      records.map((record) => record?.constructor),
      ["null", "null"],
    );
  });

  it("refuses more fields than the schema has with strictSchema", async () => {
    const text =
      'Data contains more fields than schema : on row with 1 Fields [["f"]], 2 Values [["1","2"]] and Schema [';
    const isText = (error: Error) => error.message.includes(text);
    await assert.rejects(convertAll(schemaOf("int"), '{f:"1",g:"2"}', { strictSchema: true }), isText);
    await assert.rejects(convertAll(schemaOf("int"), '["1","2"]', { strictSchema: true }), isText);
    await convertAll(schemaOf("int"), '{f:"1",g:"2"}');
  });

  it("makes bad values null with WARN, or leaves the row out, and says so", async () => {
    const schema = recordOf([
      { name: "a", type: "int" },
      { name: "b", type: ["null", "int"] },
    ]);
    const { records, lines } = await convertAll(schema, '{a:1,b:"x"}\n{a:"x",b:2}\n{a:3,b:3}', {
      onBadLines: "WARN",
    });
    assert.deepEqual(records, [{ a: 1, b: null }, undefined, { a: 3, b: { int: 3 } }]);
    assert.match(
      String(lines[0]),
      /^WARN Row 1, field b: "x" is not null, nor an int\. It becomes null\. Invalid data/,
    );
    assert.match(
      String(lines[1]),
      /^WARN Row 2, field a: "x" is not an int\. The row is left out\. For input string/,
    );
  });

  it("does the same with SKIP, and says nothing", async () => {
    const { records, lines } = await convertAll(schemaOf("int"), '{f:"x"}\n{f:1}\n"y"', {
      onBadLines: "SKIP",
    });
    assert.deepEqual([records, lines], [[undefined, { f: 1 }, undefined], []]);
  });

  it("converts records that contain themselves", async () => {
    const node = {
      type: "record",
      name: "Node",
      fields: [
        { name: "v", type: "int" },
        { name: "next", type: ["null", "Node"] },
      ],
    };
    assert.deepEqual(await convert(node, '{v:"1",next:{v:2}}'), {
      v: 1,
      next: { Node: { v: 2, next: null } },
    });
  });
});
