import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ionText } from "../../../../src/tasks/serdes/ion/write-ion.ts";
import { ionToYaml } from "../../../../src/tasks/serdes/yaml/ion-to-yaml.ts";
import { jsonToYaml } from "../../../../src/tasks/serdes/yaml/json-to-yaml.ts";
import { yamlToIon } from "../../../../src/tasks/serdes/yaml/yaml-to-ion.ts";
import { yamlToJson } from "../../../../src/tasks/serdes/yaml/yaml-to-json.ts";
import { converted } from "../convert.ts";

type Case = [title: string, from: string, to: string, given?: Record<string, unknown>];

describe("io.kestra.plugin.serdes.yaml.IonToYaml", () => {
  const cases: Case[] = [
    ["writes one value plainly", "{a:1}", "a: 1\n\n"],
    ["marks several", "{a:1}\n{b:2}", "---\na: 1\n\n---\nb: 2\n\n"],
    ["writes nothing for nothing", "", ""],
    [
      "does not move lists in",
      "{a:[1,[2,3],{k:v,l:w}],m:{x:{}},e:[]}",
      "a:\n- 1\n- - 2\n  - 3\n- k: v\n  l: w\nm:\n  x: {}\ne: []\n\n",
    ],
    ["leaves out null entries of maps", "{a:null,b:[null]}", "b:\n- null\n\n"],
    [
      "leaves texts like numbers and dates plain",
      '{t:"123",d:"2024-01-01",f:1e0}',
      "t: 123\nd: 2024-01-01\nf: 1.0\n\n",
    ],
    [
      "quotes what is a word of YAML",
      '["true","yes","null","~","","a: b","a #b","{x}"]',
      '- "true"\n- "yes"\n- "null"\n- "~"\n- ""\n- "a: b"\n- "a #b"\n- "{x}"\n\n',
    ],
    [
      "quotes names that would be read as something else",
      "{'y':1,'a b':2,'1':3,'-a':4,'.5':5,'-':6}",
      '"y": 1\na b: 2\n"1": 3\n"-a": 4\n".5": 5\n"-": 6\n\n',
    ],
    [
      "quotes digits that would be read in base 8",
      '{zip:"01234",z:"0",u:"0_1",f:"00.5",m:"-01",t:"01:30"}',
      "zip: '01234'\nz: 0\nu: '0_1'\nf: 00.5\nm: -01\nt: 01:30\n\n",
    ],
    [
      "quotes what begins like something else",
      `["- x","*x","\\"x\\""," x ","@x"]`,
      `- '- x'\n- '*x'\n- '"x"'\n- ' x '\n- '@x'\n\n`,
    ],
    ["writes blocks", '{a:"x\\ny",b:"x\\n"}', "a: |-\n  x\n  y\nb: |\n  x\n\n"],
  ];
  for (const [title, ion, yaml] of cases) {
    it(title, async () => assert.equal((await converted(ionToYaml, ion)).text, yaml));
  }
});

describe("io.kestra.plugin.serdes.yaml.JsonToYaml", () => {
  const cases: Case[] = [
    ["writes an object", '{"a":[1]}', "a:\n- 1\n"],
    ["writes a document for each item", '[{"a":1},null,{"b":2}]', "---\na: 1\n\n---\nb: 2\n\n"],
    ["writes a list of one plainly", '[{"a":1}]', "a: 1\n"],
    ["reads JSON lines", '{"a":1}\n\n', "a: 1\n", { jsonl: true }],
  ];
  for (const [title, json, yaml, given] of cases) {
    it(title, async () => assert.equal((await converted(jsonToYaml, json, given)).text, yaml));
  }
});

describe("io.kestra.plugin.serdes.yaml.YamlToIon", () => {
  const cases: Case[] = [
    ["reads each document as a row", "a: 1\n---\nb: [x, y]\n", '{a:1}\n{b:["x","y"]}\n'],
    ["reads the items of a list", "- a\n- b\n", '"a"\n"b"\n'],
    ["keeps a list in a later document", "a: 1\n---\n- 1\n- 2\n", "{a:1}\n[1,2]\n"],
    ["reads an empty document as an empty text", "a: 1\n---\n---\nb: 2\n", '{a:1}\n""\n{b:2}\n'],
    ["reads nothing from nothing", "# only a comment\n", ""],
    ["reads directives and ends", "%YAML 1.1\n---\na: 1\n...\n---\nb: 2\n", "{a:1}\n{b:2}\n"],
    [
      "knows the booleans of YAML 1.1",
      "[yes, No, on, OFF, TRUE, y, n]",
      'true\nfalse\ntrue\nfalse\ntrue\n"y"\n"n"\n',
    ],
    [
      "knows its numbers",
      "[012, 007, 08, 0o12, 0x1F, 0b11, 1_000, 1., .5, 1e3, +1, -7]",
      '10\n7\n"08"\n"0o12"\n31\n3\n1000\n1e0\n0.5e0\n1000e0\n1\n-7\n',
    ],
    [
      "leaves dates and the rest text",
      "a: [2024-01-01, 12:30:00, 190:20:30, NaN]",
      '{a:["2024-01-01","12:30:00","190:20:30","NaN"]}\n',
    ],
    ["knows nulls", "a: [~, null, Null, ]\nb: ~", "{a:[null,null,null],b:null}\n"],
    [
      "reads nothing at all as an empty text",
      "a:\nb: {c: , d}\ne:\n- \n- x:\nf: !!null\ng: &x\n",
      '{a:"",b:{c:"",d:""},e:["",{x:""}],f:"",g:""}\n',
    ],
    ["reads nothing as an empty text in rows of plain lines, too", "a:\nb: 1\n", '{a:"",b:1}\n'],
    ["does not follow aliases and merges", "a: &x 1\nb: *x\n<<: *x", '{a:1,b:"x",\'<<\':"x"}\n'],
    ["keeps names text, and ignores tags", "1: a\ntrue: !!int b", "{'1':\"a\",'true':\"b\"}\n"],
    [
      "reads quoted texts and blocks",
      "a: '1'\nb: \"x\\ty\"\nc: |\n  l1\n  --- l2\n",
      '{a:"1",b:"x\\ty",c:"l1\\n--- l2\\n"}\n',
    ],
  ];
  for (const [title, yaml, ion] of cases) {
    it(title, async () => assert.equal((await converted(yamlToIon, yaml)).text, ion));
  }

  it("tells where YAML is wrong", async () => {
    await assert.rejects(converted(yamlToIon, "a: 1\n---\nb: {\n"), /Invalid YAML: line \d, column \d/);
    await assert.rejects(converted(yamlToIon, "a: .inf"), /Malformed numeric value '.inf'/);
  });

  it("gives back what IonToYaml wrote, but for texts that look like something else", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.dictionary(
            fc.string({ minLength: 1 }),
            fc.oneof(
              fc.string(),
              fc.string({ unit: fc.constantFrom("a", " ", "\n", "#", "-", ":", "'") }),
              fc.boolean(),
              fc.array(fc.string()),
            ),
            { minKeys: 1 },
          ),
          { minLength: 1, maxLength: 4 },
        ),
        async (rows) => {
          const odd = /^[-+]?[.\d]|^[-+.]*(?:inf|nan)$/i;
          const tame = JSON.parse(JSON.stringify(rows), (_, value) =>
            typeof value === "string" && odd.test(value) ? `x${value}` : value,
          );
          const ion = tame.map((row: unknown) => `${ionText(row)}\n`).join("");
          const { text } = await converted(ionToYaml, ion);
          assert.equal((await converted(yamlToIon, text)).text, ion, text);
        },
      ),
      { numRuns: 150 },
    ));
});

describe("io.kestra.plugin.serdes.yaml.YamlToJson", () => {
  const cases: Case[] = [
    ["writes each document on a line", "a: 1\n---\nb: 2\n", '{"a":1}\n{"b":2}\n', { jsonl: true }],
    ["writes one document as it is", "a: 1", '{"a":1}'],
    ["writes several as a list", "a: 1\n---\nb: ~\nc: 2.50", '[{"a":1},{"c":2.5}]'],
    ["keeps a list", "[a, b]", '["a","b"]'],
    ["writes an empty object for nothing", "", "{}"],
  ];
  for (const [title, yaml, json, given] of cases) {
    it(title, async () => assert.equal((await converted(yamlToJson, yaml, given)).text, json));
  }
});
