import { readJson } from "../base/json.ts";
import { entriesOf, mapOf } from "../base/key-order.ts";
import { holdsSealed, type SecretBox, sealedType } from "../base/secret-box.ts";
import { callOne, type Database } from "../db/call.ts";
import type { CompiledInput } from "../flow/compiled-flow.ts";
import { valueAt } from "../flow/nested.ts";
import type { ExaminedInputs, InputRules } from "./resolve-inputs.ts";
import { type Secrets, sealInput } from "./secrets.ts";

/** How whoever has no worker's rights finds out about inputs, with secrets that `secrets` has revealed. */
export function rulesOf(db: Database, secretBox: SecretBox, secrets: Secrets): InputRules {
  return {
    check: async (definitions, given) =>
      (await callOne(db, "reprise_api.examine_values", { definitions, given })) as ExaminedInputs,
    seal: (definition, value) => sealInput(secretBox, definition, value),
    mask: secrets.maskMessages,
  };
}

/** How a worker does. */
export function workerRulesOf(db: Database, secretBox: SecretBox, secrets: Secrets): InputRules {
  return {
    ...rulesOf(db, secretBox, secrets),
    check: async (definitions, given) => await examineInputs(db, definitions, given),
  };
}

/** Has SQL look at values for a worker. What is wrong is told, not raised: the log of Postgres would keep a secret that stands in it. */
export async function examineInputs(
  db: Database,
  definitions: unknown[],
  given: Record<string, unknown>,
  noun: "input" | "output" = "input",
): Promise<ExaminedInputs> {
  const args = { definitions, given, noun, may_be_sealed: true };
  return (await callOne(db, "reprise_engine.examine_inputs", args)) as ExaminedInputs;
}

/** Encrypts what is given for inputs that are secrets, whether their ids are given dotted or nested. */
export function sealInputs(
  secretBox: SecretBox,
  definitions: readonly CompiledInput[],
  inputs: unknown,
): unknown {
  const opened = openForms(definitions, inputs);
  if (typeof opened !== "object" || opened === null || Array.isArray(opened)) return opened;
  return sealOpened(secretBox, definitions, opened);
}

/** With the objects in place of texts that hold them, where ids nest, as SQL does it: a secret may be in one. */
function openForms(definitions: readonly CompiledInput[], inputs: unknown, prefix = ""): unknown {
  if (typeof inputs !== "object" || inputs === null || Array.isArray(inputs)) return inputs;
  const entries = entriesOf(inputs as Record<string, unknown>).map(([key, value]): [string, unknown] => {
    const id = `${prefix}${key}`;
    const isForm =
      definitions.some((each) => each.id.startsWith(`${id}.`)) && !definitions.some((each) => each.id === id);
    return [key, isForm ? openForms(definitions, objectIn(value), `${id}.`) : value];
  });
  return mapOf(entries);
}

function objectIn(value: unknown): unknown {
  if (typeof value !== "string" || !value.trimStart().startsWith("{")) return value;
  try {
    return readJson(value);
  } catch {
    return value;
  }
}

function sealOpened(secretBox: SecretBox, definitions: readonly CompiledInput[], inputs: object): unknown {
  const sealed: Record<string, unknown> = {};
  for (const definition of definitions) {
    const { id, type } = definition;
    if (type !== "SECRET") continue;
    const value = valueAt(inputs, [id]) ?? valueAt(inputs, id.split("."));
    // What is given dotted is looked at first. Nobody gives one that is encrypted: it may be another's.
    if (value !== undefined && value !== null)
      sealed[id] = holdsSealed(value)
        ? { type: sealedType, problem: "a secret is given as it is, not encrypted" }
        : sealInput(secretBox, definition, value);
  }
  return Object.keys(sealed).length === 0
    ? inputs
    : mapOf([...entriesOf(withoutNested(inputs, Object.keys(sealed))), ...Object.entries(sealed)]);
}

/** Without what was given nested and is given dotted now, for nothing may be left of it in the clear. */
function withoutNested(inputs: object, ids: readonly string[]): Record<string, unknown> {
  const leave = (value: unknown, prefix: string): unknown => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const entries = entriesOf(value as Record<string, unknown>).flatMap(
      ([key, child]): [string, unknown][] => {
        const id = prefix === "" ? key : `${prefix}.${key}`;
        if (ids.includes(id)) return [];
        return [[key, ids.some((other) => other.startsWith(`${id}.`)) ? leave(child, id) : child]];
      },
    );
    return mapOf(entries);
  };
  return leave(inputs, "") as Record<string, unknown>;
}
