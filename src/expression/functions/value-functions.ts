import { randomBytes, randomUUID, randomInt as secureInt } from "node:crypto";
import { parse as parseYaml } from "yaml";
import { integerArgument, textArgument } from "../arguments.ts";
import { charge } from "../budget.ts";
import type { Callable, Functions } from "../callable.ts";
import { ExpressionError } from "../expression-error.ts";
import { orderOf, rangeOf } from "../operators.ts";
import { kindOf } from "../values.ts";

const BASE_62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const NANO_ALPHABET = "_-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LONGEST_ID = 1_000;

const fromJson: Callable = {
  parameters: ["json"],
  required: 1,
  call([json], run) {
    if (json === null || json === undefined) return null;
    const text = textOnly(json, "json");
    charge(run.budget, text.length >> 3);
    return attempt("json", () => JSON.parse(text) as unknown);
  },
};

/** Functions that make a value from their arguments, or from chance. */
export const valueFunctions: Functions = {
  json: fromJson,
  fromJson,
  yaml: {
    parameters: ["yaml"],
    required: 1,
    call([yaml], run) {
      const text = textOnly(yaml, "yaml");
      // The parser takes quadratic time for some texts: fifty thousand characters are the most that the budget allows.
      charge(run.budget, text.length + (text.length / 50) ** 2);
      return attempt(
        "yaml",
        () =>
          parseYaml(text, {
            maxAliasCount: 50,
            uniqueKeys: false,
            schema: "core",
            logLevel: "error",
          }) as unknown,
      );
    },
  },
  uuid: { parameters: [], call: () => randomUUID() },
  id: { parameters: [], call: () => friendlyId() },
  ksuid: { parameters: [], call: () => ksuid() },
  nanoId: {
    parameters: ["length", "alphabet"],
    call([length, alphabet], run) {
      const size = length === null || length === undefined ? 21 : integerArgument(length, "length");
      const letters =
        alphabet === null || alphabet === undefined ? NANO_ALPHABET : textArgument(alphabet, "alphabet", run);
      if (size < 1 || size > LONGEST_ID)
        throw new ExpressionError(`The argument \`length\` must be from 1 to ${LONGEST_ID}.`);
      if (letters.length < 1 || letters.length > 256)
        throw new ExpressionError("The argument `alphabet` must have 1 to 256 letters.");
      charge(run.budget, size);
      return Array.from({ length: size }, () => letters[secureInt(letters.length)]).join("");
    },
  },
  randomInt: {
    parameters: ["lower", "upper"],
    required: 2,
    call([lower, upper]) {
      const [from, to] = [integerArgument(lower, "lower"), integerArgument(upper, "upper")];
      if (to < from) throw new ExpressionError("The argument `upper` must not be less than `lower`.");
      return Math.floor(Math.random() * (to - from)) + from;
    },
  },
  range: {
    parameters: ["start", "end", "increment"],
    required: 2,
    call: ([start, end, increment], run) =>
      rangeOf(
        start,
        end,
        increment === null || increment === undefined ? 1 : integerArgument(increment, "increment"),
        run.budget,
      ),
  },
  loopOutputs: {
    parameters: ["outputs", "name"],
    required: 2,
    call([outputs, name], run) {
      if (!Array.isArray(outputs))
        throw new ExpressionError("The 'loopOutputs' function expects 'outputs' to be a list.");
      if (typeof name !== "string")
        throw new ExpressionError("The 'loopOutputs' function expects 'name' to be a string.");
      charge(run.budget, outputs.length);
      return outputs.map((entry: unknown) => field(field(entry, "outputs"), name));
    },
  },
  max: { parameters: "any", call: (args) => extreme(args, 1) },
  min: { parameters: "any", call: (args) => extreme(args, -1) },
};

function field(value: unknown, key: string): unknown {
  const isMap = typeof value === "object" && value !== null && Object.hasOwn(value, key);
  return isMap ? (value as Record<string, unknown>)[key] : null;
}

function extreme(args: readonly unknown[], direction: 1 | -1): unknown {
  let best: unknown = args[0] ?? null;
  for (const candidate of args.slice(1)) {
    const order = orderOf(candidate, best);
    if (order === undefined)
      throw new ExpressionError(`${kindOf(candidate)} and ${kindOf(best)} have no order.`);
    if (order * direction > 0) best = candidate;
  }
  return best;
}

function textOnly(value: unknown, name: string): string {
  if (typeof value !== "string")
    throw new ExpressionError(`The argument \`${name}\` must be a text, not ${kindOf(value)}.`);
  return value;
}

function attempt(language: string, action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    // The YAML parser's message goes on with an excerpt.
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new ExpressionError(`Invalid ${language}: ${reason?.replace(/:$/, "")}`, "", undefined, {
      cause: error,
    });
  }
}

/** A uuid in base 62: 22 characters, as Kestra's ids. */
function friendlyId(): string {
  return base62(BigInt(`0x${randomUUID().replaceAll("-", "")}`)).padStart(22, "0");
}

/** Four bytes of time since May 2014 and sixteen of chance: ids that sort by the second they were made in. */
function ksuid(): string {
  const seconds = BigInt(Math.floor(Date.now() / 1000) - 1_400_000_000);
  return base62((seconds << 128n) | BigInt(`0x${randomBytes(16).toString("hex")}`)).padStart(27, "0");
}

function base62(value: bigint): string {
  let text = "";
  for (let rest = value; rest > 0n; rest /= 62n) text = BASE_62[Number(rest % 62n)] + text;
  return text;
}
