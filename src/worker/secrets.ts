import { changeDeep } from "../base/change-deep.ts";
import { RepriseError } from "../base/errors.ts";
import { writeJson } from "../base/json.ts";
import { isSealed, noKey, type SecretBox, sealedType } from "../base/secret-box.ts";
import type { Context } from "../expression/template.ts";
import type { CompiledInput } from "../flow/compiled-flow.ts";
import { matchesPattern } from "../flow/pattern.ts";
import { gatherForms } from "./secret-forms.ts";

/** The secrets that an attempt has read, which are to show nowhere. */
export interface Secrets {
  /** The value with its secrets decrypted. The same object where it has none. */
  reveal<T>(value: T): T;
  /** The value with every text that holds a secret encrypted as a whole, so that what reads it can, and nobody else. */
  seal<T>(value: T): T;
  /** The value with stars in place of secrets. */
  mask<T>(value: T): T;
  /** The same of messages (errors, logs, faults of inputs), which may show only a piece of a text that a secret stands in. */
  maskMessages<T>(value: T): T;
  /** Leaves this text as it is when values are encrypted: the URI of a file, which a purge has to find. */
  publish(uri: string): void;
}

/** Watches over the secrets of one attempt. */
export function watchSecrets(box: SecretBox): Secrets {
  const forms = gatherForms();
  const published = new Set<string>();
  const reveal = (value: unknown): unknown => {
    // The URI of a file that stands there for all to read is no secret, though one may happen to be a part of it.
    if (typeof value === "string" && value.startsWith("kestra:///")) published.add(value);
    if (!isSealed(value)) return changeDeep(value, reveal);
    for (const secret of box.secretsIn(value)) forms.add(secret);
    return box.unseal(value);
  };
  const seal = (value: unknown): unknown => {
    if (typeof value !== "string") return isSealed(value) ? value : changeDeep(value, seal, forms.mask);
    if (published.has(value)) return value;
    const secrets = forms.standIn(value);
    return secrets.length === 0 ? value : box.seal(value, secrets.sort());
  };
  const masking = (maskText: (text: string) => string) => {
    const mask = (value: unknown): unknown =>
      typeof value === "string" ? maskText(value) : changeDeep(value, mask, maskText);
    return mask;
  };
  const whenKnown =
    (change: (value: unknown) => unknown) =>
    <T>(value: T) =>
      forms.isEmpty() ? value : (change(value) as T);
  return {
    reveal: <T>(value: T) => reveal(value) as T,
    seal: whenKnown(seal),
    mask: whenKnown(masking(forms.mask)),
    maskMessages: whenKnown(masking(forms.maskMessage)),
    publish: (uri) => published.add(uri),
  };
}

/**
 * Makes the secrets of an execution known: a file that one was written into may be read by a task that reads no input. Who has no key, or
 * another one, knows none.
 */
export function learnSecrets(inputs: unknown, secrets: Secrets, { isOpen }: SecretBox): void {
  if (!isOpen) return;
  try {
    secrets.reveal(inputs);
  } catch (error) {
    if (!(error instanceof RepriseError)) throw error;
  }
}

/** What templates see, with its secrets. Without a key only the inputs are looked at, to say that one is missing. */
export function revealContext(context: Context, secrets: Secrets, { isOpen }: SecretBox): Context {
  return isOpen ? secrets.reveal(context) : { ...context, inputs: secrets.reveal(context.inputs) };
}

/** Encrypts what is given for a SECRET. What is wrong with it stands in its place, for SQL to tell with all other faults. */
export function sealInput(
  box: SecretBox,
  { id, validator }: Pick<CompiledInput, "id" | "validator">,
  value: unknown,
): unknown {
  if (value === undefined || value === null || isSealed(value)) return value;
  const text = typeof value === "object" ? writeJson(value) : String(value);
  if (!box.isOpen) return { type: sealedType, problem: noKey };
  const problem = validator === undefined ? undefined : patternProblem(text, validator);
  if (problem !== undefined) return { type: sealedType, problem: `${id}: ${problem}` };
  return box.seal(text);
}

/** No database can look at a secret: what takes too long here is looked at by nobody, and refused. */
function patternProblem(text: string, pattern: string): string | undefined {
  const matches = matchesPattern(text, pattern);
  if (matches === true) return undefined;
  return matches === false
    ? `it must match the pattern \`${pattern}\``
    : `it takes too long to find out whether it matches the pattern \`${pattern}\``;
}
