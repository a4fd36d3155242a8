import { type Document, parseAllDocuments, type ScalarTag, type Tags, visit } from "yaml";
import { type Budget, charge } from "../budget.ts";
import type { Callable, Functions } from "../callable.ts";
import { ExpressionError } from "../expression-error.ts";
import { parseIon } from "../ion-reader.ts";
import { parseJson } from "../json-text.ts";
import { floatOf } from "../numbers.ts";
import { kindOf } from "../values.ts";

const fromJson: Callable = {
  parameters: ["json"],
  required: 1,
  call([json], run) {
    if (json === null || json === undefined) return null;
    const text = textOnly(json, "json");
    return worded("json", () => parseJson(text, run.budget));
  },
};

/** Functions that read a value from a text in some format. */
export const formatFunctions: Functions = {
  json: fromJson,
  fromJson,
  yaml: {
    parameters: ["yaml"],
    required: 1,
    call: ([yaml], run) => {
      const text = textOnly(yaml, "yaml");
      return worded("yaml", () => parseYaml(text, run.budget));
    },
  },
  fromIon: {
    parameters: ["ion", "allRows"],
    required: 1,
    call([ion, allRows], run) {
      if (ion === null || ion === undefined) return null;
      if (allRows !== undefined && typeof allRows !== "boolean")
        throw new ExpressionError("The argument `allRows` must be true or false.");
      const values = parseIon(
        textOnly(ion, "ion"),
        allRows === true ? Number.POSITIVE_INFINITY : 1,
        run.budget,
      );
      return allRows === true ? values : (values[0] ?? null);
    },
  },
};

/** Kestra reads YAML 1.1, except that dates stay texts and that `<<` is a key like any other. */
function parseYaml(text: string, budget: Budget): unknown {
  // The parser takes quadratic time for some texts: fifty thousand characters are the most that the budget allows.
  charge(budget, text.length + (text.length / 50) ** 2);
  const [document] = parseAllDocuments(text, {
    version: "1.1",
    schema: "yaml-1.1",
    customTags: (tags) => tags.filter(isKept).map(withoutLetters),
    merge: false,
    uniqueKeys: false,
    logLevel: "error",
  }) as Document[];
  if (document === undefined || document.contents === null) throw new SyntaxError("there is nothing in it");
  const [error] = document.errors;
  if (error !== undefined) throw error;
  keepFloats(document);
  return document.toJS({ maxAliasCount: 50 }) as unknown;
}

function isKept(tag: Tags[number]): boolean {
  return typeof tag === "string" || !/:(?:timestamp|binary|omap|pairs|set|merge)$/.test(tag.tag);
}

/** `y` and `n` are texts: Java's parser takes no single letters for booleans. */
function withoutLetters(tag: Tags[number]): Tags[number] {
  if (typeof tag === "string" || !tag.tag.endsWith(":bool") || !("test" in tag)) return tag;
  const scalar = tag as ScalarTag;
  return {
    ...scalar,
    test:
      scalar.test?.test("yes") === true
        ? /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/
        : /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/,
  };
}

/** `1.0` and `1e3` are floats, which JavaScript forgets. */
function keepFloats(document: Document): void {
  visit(document, {
    Scalar(key, node) {
      if (typeof node.value !== "number" || node.source === undefined || key === "key") return;
      if (!Number.isFinite(node.value))
        throw new SyntaxError(`\`${node.source}\` is no number that a value can have`);
      if (/^[^xX]*[.eE]/.test(node.source)) node.value = floatOf(node.value);
    },
  });
}

function textOnly(value: unknown, name: string): string {
  if (typeof value !== "string")
    throw new ExpressionError(`The argument \`${name}\` must be a text, not ${kindOf(value)}.`);
  return value;
}

function worded(language: string, action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    if (error instanceof ExpressionError) throw error;
    // The YAML parser's message goes on with an excerpt.
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new ExpressionError(`Invalid ${language}: ${reason?.replace(/:$/, "")}`, "", undefined, {
      cause: error,
    });
  }
}
