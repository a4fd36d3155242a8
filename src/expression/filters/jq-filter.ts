import { strictText } from "../arguments.ts";
import type { Filter } from "../callable.ts";
import { ExpressionError } from "../expression-error.ts";
import { jqValue } from "../jq/jq-values.ts";
import { runJq } from "../jq/run-jq.ts";
import { parseJson } from "../json-text.ts";

/** `jq('.a')`: the results of a jq program, always a list. A text is read as JSON first. */
export const jqFilter: Filter = {
  parameters: ["expression"],
  required: 1,
  apply(input, [expression], run) {
    if (input === null || input === undefined) return null;
    const program = strictText(expression, "expression");
    if (typeof input !== "string") return runJq(program, jqValue(input, run.budget), run.budget);
    // A text without a value is asked as null is.
    return runJq(program, input.trim() === "" ? null : jsonOf(input, run), run.budget);
  },
};

function jsonOf(text: string, run: Parameters<Filter["apply"]>[2]): unknown {
  try {
    return parseJson(text, run.budget);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ExpressionError(`The text that \`jq\` is given is not JSON: ${error.message}`, "", undefined, {
      cause: error,
    });
  }
}
