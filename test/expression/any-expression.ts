import fc from "fast-check";
import { FORBIDDEN } from "./hostile-context.ts";

const name = fc.constantFrom(
  ...FORBIDDEN,
  "inputs",
  "vars",
  "hostile",
  "x",
  "a",
  "key",
  "render",
  "first",
  "loop",
  "m",
);
const method = fc.constantFrom(
  "get",
  "size",
  "toString",
  "keySet",
  "entrySet",
  "concat",
  "split",
  "replaceAll",
);
const jqProgram = fc
  .array(
    fc.constantFrom(
      ...FORBIDDEN.map((one) => `.${one}`),
      ...FORBIDDEN.map((one) => `.["${one}"]?`),
      ...FORBIDDEN,
      ".",
      ".[]?",
      "..",
      "keys?",
      "to_entries?",
      "{__proto__: .}",
      '{"constructor": 1}',
      "$__proto__",
      "builtins",
      "env",
      "input",
      "@json",
      "paths",
      "add?",
      'setpath(["__proto__", "polluted"]; 1)?',
      '.["__proto__"].polluted = 1',
      'del(.["__proto__"])?',
      "(. * {__proto__: {polluted: 1}})?",
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => parts.join(" | "));
/** Expressions of any shape over hostile names. */
export const expression: fc.Arbitrary<string> = fc.letrec<{ any: string; small: string }>((tie) => ({
  small: fc.oneof(
    name,
    name.map((text) => `'${text}'`),
    fc.constantFrom("1", "2.0", "null", "[1]", "{'a': inputs}", "inputs.map"),
  ),
  any: fc.oneof(
    { maxDepth: 5 },
    tie("small"),
    fc.tuple(tie("any"), name).map(([target, key]) => `${target}.${key}`),
    fc.tuple(tie("any"), tie("any")).map(([target, key]) => `(${target})[${key}]`),
    fc
      .tuple(
        tie("any"),
        tie("any"),
        fc.constantFrom("~", "+", "??", "???", "==", "and", "in", "contains", ".."),
      )
      .map(([l, r, op]) => `(${l} ${op} ${r})`),
    fc
      .tuple(
        tie("any"),
        fc.constantFrom(
          "first",
          "last",
          "keys",
          "values",
          "json",
          "upper",
          "default(1)",
          "merge({'a': hostile})",
          "sort",
          "distinct",
          "flatten",
          "split('o')",
          "className",
        ),
      )
      .map(([target, filter]) => `(${target} | ${filter})`),
    fc.tuple(name, tie("any")).map(([called, argument]) => `${called}(${argument})`),
    fc
      .tuple(tie("any"), fc.oneof(name, method), tie("any"))
      .map(([target, called, argument]) => `(${target}).${called}(${argument})`),
    fc.tuple(tie("any"), fc.oneof(name, method)).map(([target, called]) => `(${target}).${called}()`),
    fc.tuple(tie("any"), jqProgram).map(([target, program]) => `(${target} | jq('${program}'))`),
    fc.tuple(tie("any"), tie("any"), tie("any")).map((parts) => `(${parts[0]} ? ${parts[1]} : ${parts[2]})`),
  ),
})).any;
