import { randomBytes, randomUUID, randomInt as secureInt } from "node:crypto";
import { integerArgument, textArgument, wholeArgument } from "../arguments.ts";
import { charge } from "../budget.ts";
import type { Functions } from "../callable.ts";
import { ExpressionError } from "../expression-error.ts";
import { numberKind } from "../numbers.ts";
import { orderOf, rangeOf } from "../operators.ts";
import { kindOf } from "../values.ts";

const BASE_62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const NANO_ALPHABET = "_-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LONGEST_ID = 1_000;

/** Functions that make a value from their arguments, or from chance. */
export const valueFunctions: Functions = {
  uuid: { parameters: [], call: () => timeUuid() },
  id: { parameters: [], call: () => friendlyId() },
  ksuid: { parameters: [], call: () => ksuid() },
  nanoId: {
    parameters: ["length", "alphabet"],
    call([length, alphabet], run) {
      const size = length === null || length === undefined ? 21 : integerArgument(length, "length");
      const letters =
        alphabet === null || alphabet === undefined ? NANO_ALPHABET : textArgument(alphabet, "alphabet", run);
      if (size < 0 || size > LONGEST_ID)
        throw new ExpressionError(`The argument \`length\` must be from 0 to ${LONGEST_ID}.`);
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
      const [from, to] = [wholeArgument(lower, "lower"), wholeArgument(upper, "upper")];
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
      return outputs.map((entry: unknown) => {
        const given = field(entry, "outputs");
        if (isStored(given) && name !== "uri")
          throw new ExpressionError(
            `The outputs of the iterations are stored as files: \`${name}\` is in the file that each of them names as \`uri\`.`,
          );
        return field(given, name);
      });
    },
  },
  max: { parameters: "any", call: (args) => extreme(args, 1) },
  min: { parameters: "any", call: (args) => extreme(args, -1) },
};

function isStored(given: unknown): boolean {
  const uri = field(given, "uri");
  return Object.keys(given ?? {}).length === 1 && typeof uri === "string" && uri.startsWith("kestra://");
}

function field(value: unknown, key: string): unknown {
  const isMap = typeof value === "object" && value !== null && Object.hasOwn(value, key);
  return isMap ? (value as Record<string, unknown>)[key] : null;
}

function extreme(args: readonly unknown[], direction: 1 | -1): unknown {
  const [first = null, ...others] = args.filter((arg) => arg !== null && arg !== undefined);
  let best: unknown = first;
  for (const candidate of others) {
    const areNumbers = numberKind(candidate) !== undefined && numberKind(best) !== undefined;
    const order = areNumbers ? orderOf(candidate, best) : undefined;
    if (order === undefined)
      throw new ExpressionError(
        `Only numbers have a largest and a smallest, not ${kindOf(candidate)} and ${kindOf(best)}.`,
      );
    if (order * direction > 0) best = candidate;
  }
  return best;
}

/** A uuid of version 7: ids that sort by the millisecond they were made in. */
function timeUuid(): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
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
