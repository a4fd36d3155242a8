import { writeJson } from "../base/json.ts";
import { entriesOf, mapOf } from "../base/key-order.ts";
import { isSealed, masked, noKey, type SecretBox, sealedType } from "../base/secret-box.ts";
import type { Context } from "../expression/template.ts";
import type { CompiledInput } from "../flow/compiled-flow.ts";
import { matchesPattern } from "../flow/pattern.ts";

/** The secrets that an attempt has read, which are to show nowhere. */
export interface Secrets {
  /** The value with its secrets decrypted. The same object where it has none. */
  reveal<T>(value: T): T;
  /** The value with every text that holds a secret encrypted as a whole, so that what reads it can, and nobody else. */
  seal<T>(value: T): T;
  /** The value with stars in place of secrets. */
  mask<T>(value: T): T;
  /** Leaves this text as it is when values are encrypted: the URI of a file, which a purge has to find. */
  publish(uri: string): void;
}

/** Watches over the secrets of one attempt. */
export function watchSecrets(box: SecretBox): Secrets {
  const known = new Set<string>();
  const forms = new Set<string>();
  const published = new Set<string>();
  const maskText = (value: string): string => {
    // The longest first: one may be part of another.
    const secrets = [...forms].sort((a, b) => b.length - a.length);
    return secrets.reduce((text, secret) => text.replaceAll(secret, masked), value.replace(excerpts, masked));
  };
  const reveal = (value: unknown): unknown => {
    // The URI of a file that stands there for all to read is no secret, though one may happen to be a part of it.
    if (typeof value === "string" && value.startsWith("kestra:///")) published.add(value);
    if (!isSealed(value)) return changeDeep(value, reveal);
    for (const secret of box.secretsIn(value)) {
      if (secret === "") continue;
      known.add(secret);
      for (const form of formsOf(secret)) forms.add(form);
    }
    return box.unseal(value);
  };
  const seal = (value: unknown): unknown => {
    if (typeof value !== "string") return isSealed(value) ? value : changeDeep(value, seal, maskText);
    if (published.has(value)) return value;
    if (!forms.values().some((form) => value.includes(form))) return value;
    const secrets = [...known].filter((secret) => formsOf(secret).some((form) => value.includes(form)));
    return box.seal(value, secrets.sort());
  };
  const mask = (value: unknown): unknown =>
    typeof value === "string" ? maskText(value) : changeDeep(value, mask, maskText);
  const whenKnown =
    (change: (value: unknown) => unknown) =>
    <T>(value: T) =>
      known.size === 0 ? value : (change(value) as T);
  return {
    reveal: <T>(value: T) => reveal(value) as T,
    seal: whenKnown(seal),
    mask: whenKnown(mask),
    publish: (uri) => published.add(uri),
  };
}

/** What templates see, with its secrets. Without a key only the inputs are looked at, to say that one is missing. */
export function revealContext(context: Context, secrets: Secrets, { isOpen }: SecretBox): Context {
  return isOpen ? secrets.reveal(context) : { ...context, inputs: secrets.reveal(context.inputs) };
}

/** What JSON.parse shows of a text that it cannot read: a part of a secret may be in it. */
const excerpts = /(?:\.{3})?"[\s\S]{0,80}"(?:\.{3})?(?= is not valid JSON)/g;

/** Hosts are written small in URLs; shorter words are too many others, too. */
const shortestHost = 8;

/** How a secret may stand in a text: as it is, in JSON, in the parts of a URL. */
function formsOf(text: string): string[] {
  const forms = [text, JSON.stringify(text).slice(1, -1)];
  if (!text.isWellFormed()) return forms;
  const url = new URL("http://host");
  url.pathname = `/${text}`;
  url.search = `?${text}`;
  forms.push(encodeURIComponent(text), url.pathname.slice(1), url.search.slice(1));
  forms.push(new URLSearchParams([["", text]]).toString().slice(1));
  if (text.length >= shortestHost && /^[\w.-]+$/.test(text)) forms.push(text.toLowerCase());
  return forms.filter((form) => form !== "");
}

/** Changes what stands in lists and maps; what nothing changes in stays the same object. */
function changeDeep(
  value: unknown,
  change: (child: unknown) => unknown,
  changeKey: (key: string) => string = (key) => key,
): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(change);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null)
    return value;
  const before = entriesOf(value as Record<string, unknown>);
  const after = before.map(([key, child]) => [changeKey(key), change(child)] as const);
  const isSame = after.every(
    ([key, child], index) => key === before[index]?.[0] && child === before[index]?.[1],
  );
  return isSame ? value : mapOf(after);
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
  if (validator !== undefined && !matchesPattern(text, validator)) {
    return { type: sealedType, problem: `${id}: it must match the pattern \`${validator}\`` };
  }
  return box.seal(text);
}
