import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from "node:crypto";
import { RepriseError } from "./errors.ts";

/** How an encrypted text stands in inputs and outputs. */
export interface Sealed {
  type: typeof sealedType;
  value: string;
}

/** The same word as in SQL, and in Kestra. */
export const sealedType = "io.kestra.datatype:aes_encrypted";

/** What a person sees in place of a secret. */
export const masked = "******";

/** Encrypts secrets, and gives them back. */
export interface SecretBox {
  /** Whether there is a key. */
  readonly isOpen: boolean;
  /** Encrypts a text: a secret, or one that secrets stand in. */
  seal(text: string, secrets?: readonly string[]): Sealed;
  unseal(sealed: Sealed): string;
  /** What is secret in the text of `unseal`: whoever reads a part of it still knows what to hide. */
  secretsIn(sealed: Sealed): readonly string[];
}

/** Whether a value is an encrypted text. */
export function isSealed(value: unknown): value is Sealed {
  if (typeof value !== "object" || value === null) return false;
  const { type, value: text } = value as Partial<Sealed>;
  return type === sealedType && typeof text === "string";
}

/** Whether a value is, or holds, what calls itself an encrypted text. */
export function holdsSealed(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return (value as { type?: unknown }).type === sealedType || Object.values(value).some(holdsSealed);
}

/** What SQL says, too, of what somebody gives as if it were encrypted. */
export const looksSealed = "it looks like an encrypted secret, which only a SECRET can be";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Opens a box with a key of 32 bytes: AES-256-GCM. The nonce is made of the text, so that the same secret is the same value, as idempotency
 * keys and the hashes of plans need it; who sees two of them learns whether they are equal, and nothing else.
 */
export function openSecretBox(key: Buffer | undefined): SecretBox {
  if (key === undefined) return { isOpen: false, seal: refuse, unseal: refuse, secretsIn: refuse };
  const derive = (use: string) => Buffer.from(hkdfSync("sha256", key, "", `reprise ${use}`, 32));
  const cipherKey = derive("cipher");
  const nonceKey = derive("nonce");
  const decrypt = (sealed: Sealed) => JSON.parse(decryptWith(cipherKey, sealed)) as [string, ...string[]];
  return {
    isOpen: true,
    seal(text, secrets = [text]) {
      const content = JSON.stringify([text, ...(secrets.length === 1 && secrets[0] === text ? [] : secrets)]);
      const nonce = createHmac("sha256", nonceKey).update(content).digest().subarray(0, NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", cipherKey, nonce);
      const hidden = Buffer.concat([cipher.update(content, "utf8"), cipher.final()]);
      return {
        type: sealedType,
        value: Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString("base64"),
      };
    },
    unseal: (sealed) => decrypt(sealed)[0],
    secretsIn(sealed) {
      const [text, ...secrets] = decrypt(sealed);
      return secrets.length === 0 ? [text] : secrets;
    },
  };
}

function decryptWith(key: Buffer, { value }: Sealed): string {
  try {
    const bytes = Buffer.from(value, "base64");
    const behindTag = NONCE_BYTES + TAG_BYTES;
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, behindTag));
    return Buffer.concat([decipher.update(bytes.subarray(behindTag)), decipher.final()]).toString("utf8");
  } catch (cause) {
    throw new RepriseError("RP422", "wrong_encryption_key", "A secret cannot be decrypted with this key.", {
      hint: "Was REPRISE_ENCRYPTION_KEY another one when the secret was given?",
      cause,
    });
  }
}

/** What Kestra says, too. */
export const noKey = "Unable to use a `SECRET` input/output as encryption is not configured";

/** What to do about it. */
export const noKeyHint =
  "Set REPRISE_ENCRYPTION_KEY to 32 random bytes in base64 (openssl rand -base64 32), the same for the server and all workers.";

function refuse(): never {
  throw new RepriseError("RP422", "encryption_not_configured", `${noKey}.`, { hint: noKeyHint });
}
