import { describe } from "node:test";
import { failsWith, rendersTo } from "../cases.ts";

describe("jq", () => {
  describe("error", () => {
    failsWith([
      ["{{ 1 | jq('9007199254740993 | error') }}", /The jq program failed: 9007199254740993\./],
      [`{{ 1 | jq('error({"a": [9007199254740993]})') }}`, /failed: {"a":\[9007199254740993\]}\./],
    ]);
    rendersTo([
      ["{{ 1 | jq('[9007199254740993 | try error catch .]') }}", "[[9007199254740993]]"],
      [`{{ 1 | jq('[({"a": 9007199254740993} | error)?]') }}`, "[[]]"],
    ]);
  });
});
