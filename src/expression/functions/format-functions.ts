import type { Callable, Functions } from "../callable.ts";
import { ExpressionError } from "../expression-error.ts";
import { parseIon } from "../ion-reader.ts";
import { parseJson } from "../json-text.ts";
import { kindOf } from "../values.ts";
import { parseYaml, readingFault } from "../yaml-text.ts";

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
    // Of JSON all is said, in one line: where the excerpt in it ends is how a secret in it is found.
    const fault = error instanceof SyntaxError ? error.message.replaceAll(/\s+/g, " ") : readingFault(error);
    throw new ExpressionError(`Invalid ${language}: ${fault}`, "", undefined, { cause: error });
  }
}
