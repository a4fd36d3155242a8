import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseTemplate } from "../../src/expression/template.ts";
import { inputSchemas } from "../../src/flow/input-schema.ts";
import { bytesOf } from "../../src/tasks/core/for-each-item/bytes-of.ts";
import { digestAuthorization } from "../../src/tasks/http/digest-auth.ts";
import { number } from "../../src/tasks/property.ts";
import { readDouble } from "../../src/tasks/serdes/avro/read-number.ts";
import { formatNumber, isDateFormat } from "../../src/tasks/serdes/excel/number-format.ts";
import { cpuMs } from "../support/cpu-ms.ts";

const LENGTH = 200_000;
const long = (piece: string) => piece.repeat(LENGTH / piece.length);
const digest = (header: string) =>
  digestAuthorization([header], { username: "u", password: "p" }, { method: "GET", path: "/" });

/** What reads texts that people, files and servers bring, and a text that made it look again at each character. */
const readers: Readonly<Record<string, () => unknown>> = {
  "a number of a task": () => number().safeParse(`${long("0")}x`),
  "a limit of an input": () => inputSchemas.FLOAT.safeParse({ id: "a", type: "FLOAT", max: `${long("0")}x` }),
  "a number in jq": () =>
    assert.throws(() => parseTemplate("{{ text | jq('tonumber') }}").render({ text: `${long("0")}x` })),
  "a number of a record": () => assert.throws(() => readDouble(`${long("0")}x`, ".")),
  "blanks in a number of a record": () => assert.throws(() => readDouble(`1${long(" ")}x`, ".")),
  "a size": () => bytesOf(`1${long(" ")}x`),
  "a challenge of one word": () => digest(`${long("-a")}!`),
  "a challenge of many words": () => digest(long("a ")),
  "a challenge that is not closed": () => digest(`Digest a="${long('\\"')}`),
  "a format of cells": () => formatNumber(1, long(";"), false),
  "a format of cells with brackets": () => isDateFormat(long("[")),
};

describe("reading a long text", () => {
  for (const [name, read] of Object.entries(readers))
    it(`takes no time that grows with its square: ${name}`, () => assert.ok(cpuMs(read) < 1_500));
});
