import { entriesOf, mapOf } from "../base/key-order.ts";
import { holdsSealed, type SecretBox, sealedType } from "../base/secret-box.ts";
import { callOne, type Database } from "../db/call.ts";
import type { CompiledInput } from "../flow/compiled-flow.ts";
import { valueAt } from "../flow/nested.ts";
import type { InputRules } from "./resolve-inputs.ts";
import { sealInput } from "./secrets.ts";

/** How whoever has no worker's rights finds out about inputs. */
export function rulesOf(db: Database, secretBox: SecretBox): InputRules {
  return {
    check: async (definitions, given) =>
      (await callOne(db, "reprise_api.check_values", { definitions, given })) as Record<string, unknown>,
    seal: (definition, value) => sealInput(secretBox, definition, value),
  };
}

/** How a worker does. */
export function workerRulesOf(db: Database, secretBox: SecretBox): InputRules {
  return {
    check: async (definitions, given) =>
      (await callOne(db, "reprise_engine.check_inputs", { definitions, given })) as Record<string, unknown>,
    seal: (definition, value) => sealInput(secretBox, definition, value),
  };
}

/** Encrypts what is given for inputs that are secrets, whether their ids are given dotted or nested. */
export function sealInputs(
  secretBox: SecretBox,
  definitions: readonly CompiledInput[],
  inputs: unknown,
): unknown {
  if (typeof inputs !== "object" || inputs === null || Array.isArray(inputs)) return inputs;
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
