import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { textArgument } from "../arguments.ts";
import { chargeText } from "../budget.ts";
import type { Functions } from "../callable.ts";
import { ExpressionError } from "../expression-error.ts";

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-GCM, as Kestra writes it: Base64 of a random beginning, the encrypted text and its tag. */
export const secretFunctions: Functions = {
  encrypt: {
    parameters: ["key", "plaintext"],
    required: 2,
    call([key, plaintext], run) {
      const text = textArgument(plaintext, "plaintext", run);
      chargeText(run.budget, text.length * 2);
      const iv = randomBytes(IV_BYTES);
      const { algorithm, bytes } = keyOf(textArgument(key, "key", run));
      const cipher = createCipheriv(algorithm, bytes, iv);
      const encrypted = Buffer.concat([iv, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return encrypted.toString("base64");
    },
  },
  decrypt: {
    parameters: ["key", "encrypted"],
    required: 2,
    call([key, encrypted], run) {
      const text = textArgument(encrypted, "encrypted", run);
      chargeText(run.budget, text.length * 2);
      const { algorithm, bytes } = keyOf(textArgument(key, "key", run));
      const whole = Buffer.from(text, "base64");
      if (whole.length < IV_BYTES + TAG_BYTES)
        throw new ExpressionError("The argument `encrypted` is nothing that `encrypt` makes.");
      const decipher = createDecipheriv(algorithm, bytes, whole.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(whole.subarray(-TAG_BYTES));
      try {
        const body = decipher.update(whole.subarray(IV_BYTES, -TAG_BYTES));
        return Buffer.concat([body, decipher.final()]).toString("utf8");
      } catch (error) {
        // What the key does not open says nothing about what is inside.
        throw new ExpressionError("The text was encrypted with another key, or was changed.", "", undefined, {
          cause: error,
        });
      }
    },
  },
};

function keyOf(key: string): { algorithm: "aes-128-gcm" | "aes-192-gcm" | "aes-256-gcm"; bytes: Buffer } {
  const bytes = Buffer.from(key, "base64");
  if (bytes.length === 16) return { algorithm: "aes-128-gcm", bytes };
  if (bytes.length === 24) return { algorithm: "aes-192-gcm", bytes };
  if (bytes.length === 32) return { algorithm: "aes-256-gcm", bytes };
  throw new ExpressionError(
    `The argument \`key\` must be Base64 of 16, 24 or 32 bytes, not of ${bytes.length}.`,
  );
}
