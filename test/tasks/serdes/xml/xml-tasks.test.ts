import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ionText } from "../../../../src/tasks/serdes/ion/write-ion.ts";
import { ionToXml } from "../../../../src/tasks/serdes/xml/ion-to-xml.ts";
import { xmlToIon } from "../../../../src/tasks/serdes/xml/xml-to-ion.ts";
import { converted } from "../convert.ts";

describe("io.kestra.plugin.serdes.xml.IonToXml", () => {
  const HEAD = "<?xml version='1.0' encoding='UTF-8'?>\n";
  const cases: [title: string, ion: string, xml: string, given?: object][] = [
    [
      "writes every kind of value",
      `{String:"string",Int:2,Float:3.200000047683716e0,Double:3.2e0,Instant:2021-05-05T10:21:12.123Z,ZonedDateTime:ZonedDateTime::"2021-05-05T12:21:12.123456+02:00",LocalDateTime:LocalDateTime::"2021-05-05T12:21:00",LocalDate:2021-05-05,LocalTime:LocalTime::"12:21:12.123456",OffsetTime:OffsetTime::"12:21:12.123456+02:00"}`,
      "<items>\n  <item>\n    <String>string</String>\n    <Int>2</Int>\n    <Float>3.200000047683716</Float>\n    <Double>3.2</Double>\n    <Instant>2021-05-05T10:21:12.123Z</Instant>\n    <ZonedDateTime>2021-05-05T11:21:12.123456+01:00</ZonedDateTime>\n    <LocalDateTime>2021-05-05T12:21:00</LocalDateTime>\n    <LocalDate>2021-05-05</LocalDate>\n    <LocalTime>12:21:12.123456</LocalTime>\n    <OffsetTime>12:21:12.123456+02:00</OffsetTime>\n  </item>\n</items>\n",
      { timeZoneId: "Europe/Lisbon" },
    ],
    [
      "repeats the element of a list, and nests maps",
      '{l:[1,null],e:[],m:{k:"v"},em:{},n:null,t:"",x:"a&<>\\"b"}',
      '<items>\n  <item>\n    <l>1</l>\n    <l/>\n    <m>\n      <k>v</k>\n    </m>\n    <em/>\n    <n/>\n    <t></t>\n    <x>a&amp;&lt;&gt;"b</x>\n  </item>\n</items>\n',
    ],
    [
      "writes plain rows and lists",
      "1 [2,3] {{aGk=}}",
      "<items>\n  <item>1</item>\n  <item>2</item>\n  <item>3</item>\n  <item>aGk=</item>\n</items>\n",
    ],
    ["writes nothing for nothing", "", "<rides/>\n", { rootName: "rides" }],
  ];
  for (const [title, ion, xml, given] of cases) {
    it(title, async () => assert.equal((await converted(ionToXml, ion, { ...given })).text, HEAD + xml));
  }

  it("refuses names and characters that XML does not take", async () => {
    await assert.rejects(
      converted(ionToXml, "{'my key':1}"),
      /"my key" cannot be the name of an XML element/,
    );
    await assert.rejects(converted(ionToXml, '{a:"\\x01"}'), /cannot hold the character U\+0001/);
    await assert.rejects(converted(ionToXml, "1", { rootName: "a b" }), /Expected a name of XML/);
  });
});

describe("io.kestra.plugin.serdes.xml.XmlToIon", () => {
  const catalog =
    '<catalog xmlns:b="urn:b"><book id="bk101"><b:author>A</b:author><price>44.95</price></book><book id="bk102"><price>5</price></book></catalog>';
  const cases: [title: string, xml: string, ion: string, given?: object][] = [
    [
      "reads the elements of a path",
      catalog,
      '{id:"bk101",author:"A",price:44.95}\n{id:"bk102",price:5}\n',
      { query: "/catalog/book" },
    ],
    ["gives no rows where nothing is at the path", catalog, "", { query: "/catalog/magazine" }],
    ["gives an empty element as empty text", "<catalog/>", '""\n', { query: "/catalog" }],
    ["takes a path without a slash in front", "<a><b>1</b><b>x</b></a>", '1\n"x"\n', { query: "a/b" }],
    ["takes the root alone", "<a><b>1</b></a>", "{b:1}\n", { query: "a" }],
    ["gives elements with text only as values", "<a><b>1</b><b>x</b></a>", '1\n"x"\n', { query: "/a/b" }],
    ["makes one row of a document", '<a x="1"><b>t</b></a>', '{a:{x:1,b:"t"}}\n'],
    ["makes a row of each item of a list", "<items><item>1</item><item>2</item></items>", "1\n2\n"],
    [
      "types values",
      "<a><i>1</i><d>1.5</d><t>true</t><n>null</n><z>007</z><p>+1</p><w> x </w><e/></a>",
      '{a:{i:1,d:1.5,t:true,n:null,z:"007",p:"+1",w:"x",e:""}}\n',
    ],
    ["keeps mixed text as content", "<a>t1<b>1</b>t2</a>", '{a:{b:1,content:["t1","t2"]}}\n'],
    ["reads CDATA and entities", "<a><![CDATA[<x>]]>&amp;</a>", '{a:"<x>&"}\n'],
    [
      "forces lists",
      "<a><b>1</b><c/></a>",
      "{a:{b:[1],c:[]}}\n",
      { parserConfiguration: { forceList: ["b", "c"] } },
    ],
    ["gives one empty row for nothing", "", "{}\n"],
  ];
  for (const [title, xml, ion, given] of cases) {
    it(title, async () => assert.equal((await converted(xmlToIon, xml, { ...given })).text, ion));
  }

  it("follows no entities of the document", async () => {
    const bomb = '<!DOCTYPE a [<!ENTITY b "lol"><!ENTITY c SYSTEM "file:///etc/passwd">]><a>&b;&c;</a>';
    await assert.rejects(
      converted(xmlToIon, bomb),
      /Invalid XML: line 1, column \d+: Invalid character entity/,
    );
  });

  it("tells where XML is wrong", () =>
    assert.rejects(converted(xmlToIon, "<a>\n<b></a>"), /Invalid XML: line 2, column \d+/));

  it("refuses an attribute that is there twice", async () => {
    await assert.rejects(
      converted(xmlToIon, '<r>\n<a x="1" y="2" x="3"/></r>'),
      /Invalid XML: line 2, column \d+: there are two attributes `x`\./,
    );
    assert.equal((await converted(xmlToIon, '<r><a x="1"/><a x="1" X="2"/></r>')).text, "{x:1}\n{x:1,X:2}\n");
  });

  const ways: [xml: string, text: string, isTold: boolean][] = [
    ["<r><g><b>1</b><b>2</b></g><g><b>3</b></g></r>", "1\n2\n", true],
    ["<r><x/><g><b>1</b></g><h><g><b>3</b></g></h><b/></r>", "1\n", false],
    ["<r><h><g/></h><g/><g><b>1</b></g></r>", "", true],
  ];
  for (const [xml, text, isTold] of ways) {
    it(`enters the first element of a path, and ${isTold ? "tells of others" : "tells of no others"}: ${xml}`, async () => {
      const read = await converted(xmlToIon, xml, { query: "/r/g/b" });
      assert.equal(read.text, text);
      const told = "WARN There is more than one `g` on the way to `b`: only the first is read, as in Kestra.";
      assert.deepEqual(
        read.lines.filter((line) => line.startsWith("WARN")),
        isTold ? [told] : [],
      );
    });
  }

  it("takes names that JavaScript uses itself as any others, both ways", async () => {
    const names = ["hasOwnProperty", "__proto__", "constructor", "toString"];
    const row = `{${names.map((name) => `'${name}':"of ${name}"`).join(",")}}\n`;
    const attributes = names.map((name) => `${name}="of ${name}"`).join(" ");
    const elements = names.map((name) => `<${name}>of ${name}</${name}>`).join("");
    const plain = (text: string) => text.replaceAll("'", "");
    for (const item of [`<item ${attributes}/>`, `<item>${elements}</item>`]) {
      const xml = `<items>${item}</items>`;
      assert.equal(plain((await converted(xmlToIon, xml, { query: "/items/item" })).text), plain(row));
      assert.equal(plain((await converted(xmlToIon, xml)).text), `{items:{item:${plain(row).trim()}}}\n`);
    }
    assert.match(
      (await converted(ionToXml, row)).text.replaceAll(/\n\s*/g, ""),
      new RegExp(`<items><item>${elements}</item></items>$`),
    );
    await assert.rejects(
      converted(xmlToIon, '<a __proto__="1" hasOwnProperty="2" __proto__="3"/>'),
      /there are two attributes `__proto__`/,
    );
  });

  it("gives texts back that IonToXml wrote", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.stringMatching(/^[a-zé<>&"'][ -\ud7ff]{0,10}[a-z]$/), {
          minLength: 2,
        }),
        async (texts) => {
          const rows = texts.filter((one) => !/^(true|false|null)$/i.test(one)).map((t) => ({ t, k: "x" }));
          const ion = rows.map((row) => `${ionText(row)}\n`).join("");
          const { text } = await converted(ionToXml, ion);
          assert.equal((await converted(xmlToIon, text, { query: "/items/item" })).text, ion);
        },
      ),
      { numRuns: 25 },
    ));
});
