import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { shorten } from "../../src/base/shorten.ts";
import { newBudget } from "../../src/expression/budget.ts";
import { yamlText } from "../../src/expression/filters/yaml-text.ts";
import { gatherForms } from "../../src/worker/secret-forms.ts";

function formsWith(secret: string) {
  const forms = gatherForms();
  forms.add(secret);
  return forms;
}

/** What no star, no letter of a message and no cut is made of. */
const letters = fc.constantFrom(..."ABCDEFGHJKLMNPQRSTUVWXYZ0123456789+/=-_\"'\\{}:# ");
const line = fc
  .string({ unit: letters, minLength: 4, maxLength: 60 })
  .filter((text) => text.trim().length >= 4);
const secretText = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join("\n").trim());

describe("what is known of a secret", () => {
  it("hides it in JSON within JSON, in YAML, and in capitals", () => {
    const write = fc.constantFrom<(secret: string) => string>(
      (secret) => JSON.stringify({ a: secret }),
      (secret) => JSON.stringify(JSON.stringify({ a: [secret] })),
      (secret) => yamlText({ a: { b: [{ c: secret, d: 1 }] }, x: "y" }, newBudget()),
      (secret) => yamlText(JSON.stringify({ a: secret }), newBudget()),
      (secret) => `Unknown method ${secret.toUpperCase()}.`,
      (secret) => `<${secret.trim()}>`,
    );
    fc.assert(
      fc.property(secretText, write, (secret, written) => {
        const forms = formsWith(secret.length < 8 ? `${secret}12345678` : secret);
        const known = secret.length < 8 ? `${secret}12345678` : secret;
        const text = written(known);
        assert.deepEqual(forms.standIn(text), [known]);
        const masked = forms.mask(text);
        assert.ok(masked.includes("******"), text);
        for (const each of known.split("\n")) {
          if (each.trim().length >= 12) assert.ok(!masked.includes(each.trim()), `${text} → ${masked}`);
        }
      }),
    );
  });

  it("hides what a message shows of it when it cuts the text that it stands in", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: letters, minLength: 13, maxLength: 300 }).filter((text) => text.trim() === text),
        fc.nat(80),
        fc.integer({ min: 1, max: 120 }),
        (secret, before, most) => {
          const told = formsWith(secret).maskMessage(
            `The text \`${shorten(".".repeat(before) + secret, most)}\` is not valid.`,
          );
          const shown = Math.max(0, most - before);
          if (shown >= 3) assert.ok(!told.includes(secret.slice(0, shown)), told);
          if (shown >= 3) assert.ok(told.includes("******"), told);
        },
      ),
    );
  });

  it("hides long pieces, wherever they come from", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: letters, minLength: 30, maxLength: 300 }).filter((text) => text.trim() === text),
        fc.nat(300),
        (secret, place) => {
          const start = place % (secret.length - 12);
          const piece = secret.slice(start, start + 12);
          const told = formsWith(secret).maskMessage(`got ${piece}`);
          assert.ok(!told.includes(piece), told);
        },
      ),
    );
  });

  it("leaves words alone that a secret happens to have", () => {
    const secret = '{"type": "service_account", "auth_uri": "https://accounts.example.com/o/oauth2/auth"}';
    const message = "The type of https://example.org is not service...";
    assert.equal(formsWith(secret).maskMessage(message), message);
  });

  it("looks at long secrets and messages in no time", () => {
    const secret = "0123456789abcdef".repeat(20_000);
    const before = performance.now();
    formsWith(secret).maskMessage(`${"ab".repeat(50_000)}...`);
    assert.ok(performance.now() - before < 2_000);
  });
});
