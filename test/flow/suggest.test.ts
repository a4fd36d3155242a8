import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nearest, nearestType, nearestWord } from "../../src/flow/suggest.ts";
import { taskTypes } from "../../src/tasks/registry.ts";

const nothing = undefined;

describe("what is suggested for a wrong name", () => {
  for (const [name, known, meant] of [
    ["taks", ["task"], "task"],
    ["mesage", ["message", "level"], "message"],
    ["hepl", ["help"], "help"],
    ["abcd", ["abxy"], nothing],
    ["x".repeat(300), ["x".repeat(299)], nothing],
  ] as const) {
    it(`is ${meant} for ${name.slice(0, 10)}`, () => assert.equal(nearest(name, known), meant));
  }

  const types = new Set(taskTypes.keys());
  for (const [type, meant] of [
    ["io.kestra.plugin.core.log.Lgo", "io.kestra.plugin.core.log.Log"],
    ["Log", "io.kestra.plugin.core.log.Log"],
    ["io.kestra.plugin.core.htp.Request", "io.kestra.plugin.core.http.Request"],
    ["io.kestra.plugin.core.debug.Retrun", "io.kestra.plugin.core.debug.Return"],
    ["io.kestra.plugin.gcp.bigquery.Query", nothing],
  ] as const) {
    it(`is the type ${meant} for ${type}`, () => assert.equal(nearestType(type, types), meant));
  }

  for (const [word, known, meant] of [
    ["WARNING", ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"], "WARN"],
    ["ERR", ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"], "ERROR"],
    ["warn", ["INFO", "WARN"], "WARN"],
    ["date-time", ["DATE", "TIME", "DATETIME"], "DATETIME"],
    ["INTEGER", ["STRING", "INT"], "INT"],
    ["STRNG", ["STRING", "INT"], "STRING"],
    ["ZPI", ["ZIP", "TAR"], "ZIP"],
    ["RAR", ["ZIP", "JAR", "TAR", "AR"], nothing],
    ["WAIT", ["QUEUE", "CANCEL", "FAIL"], nothing],
    ["GO", ["RESUME", "FAIL"], nothing],
  ] as const) {
    it(`is the word ${meant} for ${word}`, () => assert.equal(nearestWord(word, known), meant));
  }
});
