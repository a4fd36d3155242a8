import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readConfig } from "../../src/base/config.ts";
import { isSealed, openSecretBox } from "../../src/base/secret-box.ts";
import { watchSecrets } from "../../src/worker/secrets.ts";

const box = openSecretBox(randomBytes(32));
const text = fc.string({ unit: "binary" });

describe("openSecretBox", () => {
  it("gives back what it has sealed, and seals the same text the same way", () => {
    fc.assert(
      fc.property(text, (secret) => {
        const sealed = box.seal(secret);
        assert.ok(isSealed(sealed));
        assert.equal(box.unseal(sealed), secret);
        assert.deepEqual(box.seal(secret), sealed);
      }),
    );
  });

  it("refuses what another key or nobody has sealed", () => {
    const other = openSecretBox(randomBytes(32));
    assert.throws(() => other.unseal(box.seal("x")), { code: "RP422", reason: "wrong_encryption_key" });
    const { type, value } = box.seal("x");
    const forged = { type, value: `${value.slice(0, -6)}AAAA==` };
    assert.throws(() => box.unseal(forged), { reason: "wrong_encryption_key" });
  });

  it("says what to do where there is no key, or a bad one", () => {
    assert.throws(() => openSecretBox(undefined).seal("x"), {
      code: "RP422",
      reason: "encryption_not_configured",
    });
    assert.throws(() => readConfig({ REPRISE_ENCRYPTION_KEY: "short" }), {
      reason: "bad_configuration",
      message: /^REPRISE_ENCRYPTION_KEY must be 32 bytes in base64/,
    });
  });
});

describe("watchSecrets", () => {
  const secret = fc.string({ minLength: 6, unit: fc.constantFrom(..."abcdefghij") });

  it("lets no secret through, and changes nothing that has none", () => {
    fc.assert(
      fc.property(secret, fc.object({ maxDepth: 3 }), text, (hidden, rest, around) => {
        const secrets = watchSecrets(box);
        assert.deepEqual(secrets.reveal({ pw: box.seal(hidden), rest }), { pw: hidden, rest });
        const outputs = { plain: hidden, deep: [{ inside: `${around}${hidden}${around}` }], rest };
        const stored = secrets.seal(outputs);
        assert.ok(!JSON.stringify(stored).includes(hidden));
        assert.ok(!JSON.stringify(secrets.mask(outputs)).includes(hidden));
        // Whoever reads it later knows what to hide, also in a part of it.
        const later = watchSecrets(box);
        assert.deepEqual(later.reveal(stored), outputs);
        assert.equal(later.mask(`<${hidden}>`), "<******>");
      }),
    );
  });
});
