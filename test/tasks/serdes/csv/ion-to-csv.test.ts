import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ionToCsv } from "../../../../src/tasks/serdes/csv/ion-to-csv.ts";
import { converted } from "../convert.ts";

const MOMENTS = `{String:"string",Int:2,Float:3.200000047683716e0,Double:3.2e0,Instant:2021-05-05T10:21:12.123Z,ZonedDateTime:ZonedDateTime::"2021-05-05T12:21:12.123456+02:00",LocalDateTime:LocalDateTime::"2021-05-05T12:21:00",OffsetDateTime:OffsetDateTime::"2021-05-05T12:21:12.123456+02:00",LocalDate:2021-05-05,LocalTime:LocalTime::"12:21:12.123456",OffsetTime:OffsetTime::"12:21:12.123456+02:00",Date:2021-05-05T10:21:12.123Z}\n`;

describe("io.kestra.plugin.serdes.csv.IonToCsv", () => {
  const cases: [title: string, ion: string, csv: string, given?: Record<string, unknown>][] = [
    [
      "writes the names of the first record, and then the values",
      '{id:"PE1617279780",street:"E:4 PAST FR",n:1,x:34.03}\n',
      "id,street,n,x\nPE1617279780,E:4 PAST FR,1,34.03\n",
    ],
    ["writes no names without header", '{a:1,b:"x"}\n', "1,x\n", { header: false }],
    [
      "writes later records by the order of their values",
      "{a:1,b:2}\n{b:3,a:4}\n{a:5}\n",
      "a,b\n1,2\n3,4\n5\n",
    ],
    ["writes rows that are lists", '["a",1]\n[]\n', "a,1\n\n", { header: false }],
    ["leaves out rows that are neither", '{a:1}\n"x"\n{a:2}\n', "a\n1\n2\n"],
    [
      "quotes what could be misread",
      '{a:"x,y",b:"say \\"PE\\"",c:"l\\nm",d:" z "}',
      'a,b,c,d\n"x,y","say ""PE""","l\nm", z \n',
    ],
    [
      "quotes a first field that looks like a comment",
      '{a:"#first",b:"#second"}',
      '"#first",#second\n',
      { header: false },
    ],
    ["leaves null and empty text empty", '{a:"a",b:null,c:"",d:1}', "a,,,1\n", { header: false }],
    [
      "quotes everything with ALWAYS",
      '{a:null,b:"",c:1}',
      '"a","b","c"\n"","","1"\n',
      { quoteMode: "ALWAYS" },
    ],
    ["takes the deprecated alwaysDelimitText", "{a:1}", '"a"\n"1"\n', { alwaysDelimitText: true }],
    [
      "quotes what is no number with NON_NUMERIC",
      '{a:"test",b:42,c:-7,d:3.14,e:"-0.5",f:"12abc",g:"5.",h:"1e3",i:null}',
      '"test",42,-7,3.14,-0.5,"12abc",5.,"1e3",\n',
      { quoteMode: "NON_NUMERIC", header: false },
    ],
    [
      "writes numbers as Java does",
      "{a:1e10,b:1e0,c:1.5e-7,d:7.470,e:12345678901234567890}",
      "1.0E10,1.0,1.5E-7,7.470,12345678901234567890\n",
      { header: false },
    ],
    ["writes lists and maps as Java does", "{a:[1,b],c:{k:v}}", '"[1, b]",{k=v}\n', { header: false }],
    [
      "takes other delimiters",
      '{a:"x;y",b:"it\'s"}',
      "a;b\r\n'x;y';'it''s'\r\n",
      { fieldSeparator: ";", textDelimiter: "'", lineDelimiter: "\r\n" },
    ],
    [
      "writes every kind of date",
      MOMENTS,
      '"string","2","3.200000047683716","3.2","2021-05-05T10:21:12.123Z","2021-05-05T11:21:12.123+01:00","2021-05-05T12:21:00.000","2021-05-05T11:21:12.123+01:00","2021-05-05","12:21:12","12:21:12+02:00","2021-05-05T10:21:12.123Z"\n',
      { header: false, quoteMode: "ALWAYS", timeZoneId: "Europe/Lisbon" },
    ],
    [
      "takes patterns",
      "{d:2021-05-05,t:2021-05-05T10:21:12Z}",
      "05.05.2021,10:21\n",
      { header: false, dateFormat: "dd.MM.yyyy", dateTimeFormat: "HH:mm" },
    ],
  ];
  for (const [title, ion, csv, given] of cases) {
    it(title, async () => assert.equal((await converted(ionToCsv, ion, given)).text, csv));
  }

  it("counts rows and names the file", async () => {
    const { size, uri } = await converted(ionToCsv, "{a:1}\n{a:2}\nnull\n");
    assert.equal(size, 2);
    assert.match(uri, /data\.csv$/);
  });

  it("writes other charsets", async () => {
    const { bytes } = await converted(ionToCsv, '{a:"é€"}', { header: false, charset: "ISO-8859-1" });
    assert.deepEqual(bytes, Buffer.from([0xe9, 0x3f, 0x0a]));
  });

  it("refuses lists under a header", () =>
    assert.rejects(converted(ionToCsv, "[1]"), /Invalid data of type List with header/));

  it("refuses other line delimiters", () =>
    assert.rejects(converted(ionToCsv, "[1]", { lineDelimiter: "|" }), /Unknown line delimiter/));
});
