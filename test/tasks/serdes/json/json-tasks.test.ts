import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ionToJson } from "../../../../src/tasks/serdes/json/ion-to-json.ts";
import { jsonToIon } from "../../../../src/tasks/serdes/json/json-to-ion.ts";
import { jsonToJsonl } from "../../../../src/tasks/serdes/json/json-to-jsonl.ts";
import { converted } from "../convert.ts";

type Case = [title: string, from: string, to: string, given?: Record<string, unknown>];

describe("io.kestra.plugin.serdes.json.IonToJson", () => {
  const cases: Case[] = [
    ["writes JSON lines", '{a:1,b:"x"}\n{c:[1,null]}\n', '{"a":1,"b":"x"}\n{"c":[1,null]}\n'],
    ["leaves out null entries of maps", "{a:null,b:{c:null},d:[null]}", '{"b":{},"d":[null]}\n'],
    ["writes one value as it is", "{a:1}", '{"a":1}', { newLine: false }],
    ["writes several values as a list", "{a:1}\n2\n", '[{"a":1},2]', { newLine: false }],
    ["writes nothing for nothing", "", "", { newLine: false }],
    [
      "keeps numbers",
      "[1.10,3.2e0,1e10,12345678901234567890,nan]",
      '[1.10,3.2,1.0E10,12345678901234567890,"NaN"]\n',
    ],
    ["writes bytes as base64, symbols as text", "[{{aGk=}},sym,(a b)]", '["aGk=","sym",["a","b"]]\n'],
    [
      "writes dates as ISO text",
      '[2021-05-05T10:21:12.123Z,2021-05-05,ZonedDateTime::"2021-05-05T12:21:12.123456+02:00",LocalDateTime::"2021-05-05T12:21:12.123456",LocalTime::"12:21"]',
      '["2021-05-05T10:21:12.123Z","2021-05-05","2021-05-05T11:21:12.123456+01:00","2021-05-05T12:21:12.123456","12:21:00"]\n',
      { timeZoneId: "Europe/Lisbon" },
    ],
    ["drops annotations", 'base64::"TGl"', '"TGl"\n'],
    [
      "keeps annotations and nulls where it is asked to",
      '{a:base64::"TGl",b:null,c:x::1}',
      '{"a":{"ion_annotations":["base64"],"value":"TGl"},"b":null,"c":1}\n',
      { shouldKeepAnnotations: true },
    ],
    [
      "writes timestamps in a zone beside annotations",
      "[2021-05-05T10:21:12.123Z,2021-01-05T10:21:12+02:00,2021-05-05]",
      '["2021-05-05T11:21:12.123+01:00[Europe/Lisbon]","2021-01-05T08:21:12Z[Europe/Lisbon]","2021-05-05"]\n',
      { shouldKeepAnnotations: true, timeZoneId: "Europe/Lisbon" },
    ],
  ];
  for (const [title, ion, json, given] of cases) {
    it(title, async () => assert.equal((await converted(ionToJson, ion, given)).text, json));
  }

  it("names the file after its form", async () => {
    assert.match((await converted(ionToJson, "1")).uri, /data\.jsonl$/);
    assert.match((await converted(ionToJson, "1", { newLine: false })).uri, /data\.json$/);
  });
});

describe("io.kestra.plugin.serdes.json.JsonToIon", () => {
  const cases: Case[] = [
    ["reads JSON lines", '{"a":1,"my key":19.99}\n[true,null]\n', "{a:1,'my key':19.99e0}\n[true,null]\n"],
    ["leaves out lines that are null", 'null\n{"a":null}', "{a:null}\n"],
    ["keeps all digits of whole numbers", "12345678901234567890", "12345678901234567890\n"],
    ["writes floats as Ion does", "[1.0,1e10,1.5e-7,-0.0,2.50]", "[1e0,1.0E10,1.5E-7,-0e0,2.5e0]\n"],
    ["escapes", '"\\u0001\\n\\"é\\\\u0001"', '"\\x01\\n\\"é\\\\u0001"\n'],
    [
      "quotes names that are no identifiers",
      '{"null":1,"$a":2,"a-b":3,"9a":4,"it\'s":5}',
      "{'null':1,$a:2,'a-b':3,'9a':4,'it\\'s':5}\n",
    ],
    [
      "reads the items of a list",
      '[ {"a":1} ,\n [2,"],"], "x" , null]',
      '{a:1}\n[2,"],"]\n"x"\n',
      { newLine: false },
    ],
    ["reads one object", '{"a":\n1}', "{a:1}\n", { newLine: false }],
    ["reads one plain value", " 7 ", "7\n", { newLine: false }],
    ["reads nothing from an empty list", " [ ] ", "", { newLine: false }],
  ];
  for (const [title, json, ion, given] of cases) {
    it(title, async () => assert.equal((await converted(jsonToIon, json, given)).text, ion));
  }

  const refused: [what: string, json: string, text: RegExp, given?: Record<string, unknown>][] = [
    ["an empty line", '{"a":1}\n\n', /line 2: No content to map due to end-of-input/],
    ["what is no JSON", '{"a":1}\n{a:1}', /Invalid JSON format: line 2: /],
    ["a list without an end", "[1,2", /in the middle of a list/, { newLine: false }],
    ["a list with a hole", "[1,,2]", /Invalid JSON format/, { newLine: false }],
    ["something behind a list", "[1] 2", /behind the end of the list/, { newLine: false }],
    ["JSON lines as one document", '{"a":1}\n{"a":2}', /newLine: true/, { newLine: false }],
    ["what is nested too deeply", `[${"[".repeat(600)}`, /nested too deeply/, { newLine: false }],
  ];
  for (const [what, json, text, given] of refused) {
    it(`refuses ${what}`, () => assert.rejects(converted(jsonToIon, json, given), text));
  }
});

describe("io.kestra.plugin.serdes.json.JsonToJsonl", () => {
  const cases: Case[] = [
    ["writes the items of a list", '[{"b":1,"a":null},\n{"c":"é"}]', '{"b":1,"a":null}\n{"c":"é"}\n'],
    ["writes objects that follow one another", '{"a":1}\n\n, {"b":[ 2 ]}', '{"a":1}\n{"b":[2]}\n'],
    [
      "writes numbers as a tree of Jackson does",
      "[1.10,1.0,123456789012345678901]",
      "1.1\n1.0\n123456789012345678901\n",
    ],
    ["writes nothing for nothing", " \n", ""],
  ];
  for (const [title, json, jsonl] of cases) {
    it(title, async () => assert.equal((await converted(jsonToJsonl, json)).text, jsonl));
  }

  it("refuses a plain value", () =>
    assert.rejects(converted(jsonToJsonl, '"x"'), /Expected JSON array or object, but found: VALUE_STRING/));
});
