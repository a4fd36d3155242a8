import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ADDED_LABEL } from "../../src/db/apply-migrations.ts";
import { filesOf, type SourceFile } from "./source-files.ts";

const schemas: Readonly<Record<string, string>> = { engine: "reprise_engine", api: "reprise_api" };

describe("SQL function files", () => {
  const files = filesOf("sql/{engine,api}/*.sql");

  it("define one function each, of the file's name, in the folder's schema", () => {
    const wrong = files.filter((file) => {
      const [, folder = "", name] = /sql\/(\w+)\/(\w+)\.sql$/.exec(file.path) ?? [];
      const defined = [...file.text.matchAll(/^create (?:or replace )?(?:function|procedure) ([\w.]+)/gim)];
      return defined.length !== 1 || defined[0]?.[1] !== `${schemas[folder]}.${name}`;
    });
    assert.deepEqual(paths(wrong), []);
  });

  it("are applied with create or replace", () => {
    assert.deepEqual(paths(files.filter(({ text }) => /^create (?!or replace )/im.test(text))), []);
  });

  it("state whether the function is volatile, stable or immutable", () => {
    const silent = files.filter(({ text }) => !/\b(volatile|stable|immutable)\b/.test(headOf(text)));
    assert.deepEqual(paths(silent), []);
  });

  it("pin the search path of every plpgsql function to nothing", () => {
    const loose = files.filter(
      ({ text }) => /language plpgsql/.test(headOf(text)) && !/set search_path = ''/.test(headOf(text)),
    );
    assert.deepEqual(paths(loose), []);
  });

  it("use security definer only in the public schema", () => {
    const wrong = files.filter(
      ({ path, text }) => /security definer/i.test(text) && !path.startsWith("sql/api/"),
    );
    assert.deepEqual(paths(wrong), []);
  });
});

describe("what SQL raises", () => {
  const raises = filesOf("sql/**/*.sql").flatMap((file) =>
    [...withoutComments(file.text).matchAll(/\braise exception\b[^;]*;/gi)].map(([text]) => ({
      path: file.path,
      text,
    })),
  );

  it("has one of the five codes", () => {
    assert.deepEqual(
      raises.filter(({ text }) => !/errcode\s*=\s*('RP(400|403|404|409|422)'|\w+)/.test(text)),
      [],
    );
  });

  it("has a reason word", () => {
    assert.deepEqual(
      raises.filter(({ text }) => !/\bdetail\s*=/.test(text)),
      [],
    );
  });

  it("has a hint", () => {
    const wordless = raises.filter(({ text }) => !/\bhint\s*=/.test(text));
    assert.deepEqual(
      wordless.map(({ path }) => path),
      [],
    );
  });

  it("has a reason that sql/README.md lists", () => {
    const [readme] = filesOf("sql/README.md");
    const reasons = raises.flatMap(({ text }) => /\bdetail\s*=\s*'(\w+)'/.exec(text)?.[1] ?? []);
    assert.deepEqual(
      reasons.filter((reason) => !readme?.text.includes(`\`${reason}\``)),
      [],
    );
  });

  it("is a sentence with a full stop", () => {
    const fragments = raises.filter(({ text }) => {
      const message = /raise exception\s+'((?:[^']|'')*)'/i.exec(text)?.[1];
      return message !== undefined && !/[.%]$/.test(message);
    });
    assert.deepEqual(fragments, []);
  });
});

describe("migrations", () => {
  it("are numbered without a gap", () => {
    const numbers = filesOf("sql/migrations/*").map(({ path }) =>
      Number(/(\d{3})_\w+\.sql$/.exec(path)?.[1]),
    );
    assert.deepEqual(
      numbers,
      numbers.map((_number, index) => index + 1),
    );
  });

  it("define no functions, since those change as a whole with their files", () => {
    const wrong = filesOf("sql/migrations/*.sql").filter(({ text }) =>
      /^create (or replace )?function/im.test(text),
    );
    assert.deepEqual(paths(wrong), []);
  });

  it("add labels of types in statements of one line, which an upgrade finds and runs before the rest", () => {
    const count = (text: string, form: RegExp) => [...text.matchAll(form)].length;
    const wrong = filesOf("sql/migrations/*.sql").filter(
      ({ text }) => count(withoutComments(text), /\badd value\b/gi) !== count(text, ADDED_LABEL),
    );
    assert.deepEqual(paths(wrong), []);
  });
});

/** What stands before the body. */
function headOf(text: string): string {
  return text.split(/\bas \$\w*\$|\breturn\b|\bbegin atomic\b/)[0] ?? "";
}

function withoutComments(text: string): string {
  return text.replace(/--.*$/gm, "");
}

function paths(files: SourceFile[]): string[] {
  return files.map(({ path }) => path);
}
