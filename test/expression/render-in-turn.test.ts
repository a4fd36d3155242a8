import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import { Decimal } from "../../src/base/decimal.ts";
import { readJson } from "../../src/base/json.ts";
import { keysOf } from "../../src/base/key-order.ts";
import { WholeFloat } from "../../src/base/whole-float.ts";
import { unpackedError } from "../../src/expression/apart/error-wire.ts";
import { questionOf } from "../../src/expression/apart/question.ts";
import { renderApart } from "../../src/expression/apart/renderers.ts";
import { unpacked } from "../../src/expression/apart/wire.ts";
import { BigDecimal } from "../../src/expression/decimals.ts";
import { ExpressionError } from "../../src/expression/expression-error.ts";
import { FETCHED, FetchNeeded } from "../../src/expression/fetched.ts";
import { type RenderOptions, renderDeep } from "../../src/expression/render-deep.ts";
import { askedBy, renderInTurn } from "../../src/expression/render-in-turn.ts";
import type { Context } from "../../src/expression/template.ts";
import { expression } from "./any-expression.ts";
import { context as plain } from "./cases.ts";
import { context as hostile } from "./hostile-context.ts";

/** What there is of a rendering, in words: also what JSON does not show. */
function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : value;
  if (Object.getPrototypeOf(value) !== Object.prototype)
    return `${value.constructor.name} ${value instanceof Date ? value.toISOString() : String(value)}`;
  return keysOf(value as Record<string, unknown>).map((key) => [
    key,
    shown((value as Record<string, unknown>)[key]),
  ]);
}

function told(error: unknown): unknown {
  if (error instanceof FetchNeeded) return { asks: error.request };
  const { name, message, expression: source, line, column } = error as ExpressionError & { column?: number };
  return { name, message, source, line, column };
}

function here(value: unknown, context: Context, options: RenderOptions): unknown {
  try {
    return shown(renderDeep(value, context, options));
  } catch (error) {
    return told(error);
  }
}

async function apart(value: unknown, context: Context, options: RenderOptions): Promise<unknown> {
  const answer = await renderApart(questionOf(value, context, options), { name: "test" });
  return "error" in answer ? told(unpackedError(answer.error)) : shown(unpacked(answer.value));
}

// Functions and symbols come from no data, and are not copied.
const { call: _, symbol: __, ...copied } = hostile.hostile;
const seen = { ...hostile, hostile: copied };

const options = fc.constantFrom<RenderOptions>({}, { isText: true }, { isNative: true });
const odd = {
  ...plain,
  odd: {
    ...(readJson(
      '{"ten": {"10": 1, "2": [1.0, 1.5, -0.0], "b": 12345678901234567890}, "1": {"9": null}}',
    ) as object),
    decimal: new Decimal(1230n, 2),
    exact: new BigDecimal(-5n, -3),
    minus: new WholeFloat(-0),
    at: new Date(0),
    ["__proto__"]: { own: 1 },
    missing: undefined,
  },
};
const oddTemplate = fc.constantFrom(
  "{{ odd }}",
  "{{ odd.ten }}",
  "{{ odd.ten | json }} {{ odd.ten['2'][0] }} {{ odd.ten.b + 1 }}",
  "{{ odd.ten | keys }}",
  "{% for entry in odd.ten %}{{ entry }},{% endfor %}",
  "{{ odd.decimal }}",
  "{{ odd.exact }}",
  "{{ odd.exact * 2 }}",
  "{{ odd.minus }}",
  "{{ odd.at }}",
  "{{ odd.at | date('yyyy HH:mm VV') }}",
  "{{ odd['__proto__'] }}",
  "{{ odd.missing }}",
  "{{ odd.missing ?? 'none' }}",
  "{{ odd.nothing }}",
  "{{ nothing.at.all }}",
  "{{ 1 / 0 }}",
  "{{ 'x' | date }}",
  "{{ [1.0, 2, '3', {'b': 1, 'a': null}] }}",
  "{{ render(vars.greeting) }}",
  "{{ render(vars.loop) }}",
  "{{ printContext() | keys }}",
  "{{ if }}",
  "[{{ inputs.count }}, {{ inputs.list }}]",
  "no template",
);
const deep = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    oddTemplate,
    fc.constantFrom<unknown>(1, 2n, null, true, new WholeFloat(3)),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.oneof(oddTemplate, fc.constantFrom("10", "2", "a")), tie("value"), { maxKeys: 3 }),
  ),
})).value;

describe("a rendering in a process of its own", () => {
  it("means what it means here, whatever template it is", () =>
    fc.assert(
      fc.asyncProperty(expression, options, async (source, option) => {
        const written = [`{{ ${source} }}`, `{% for m in [${source}] %}{{ m }}{% endfor %}`];
        for (const text of written)
          assert.deepEqual(await apart(text, seen, option), here(text, seen, option), text);
      }),
      { numRuns: 500 },
    ));

  it("means the same of odd numbers, keys and errors, deep in lists and maps", () =>
    fc.assert(
      fc.asyncProperty(deep, options, async (value, option) => {
        assert.deepEqual(await apart(value, odd, option), here(value, odd, option));
      }),
      { numRuns: 500 },
    ));

  it("has what was fetched, and asks for what was not", async () => {
    const uri = "kestra:///a";
    const error = new ExpressionError("It is gone.");
    for (const found of [
      new Map([[`read ${uri}`, { value: "text" }]]),
      new Map([[`read ${uri}`, { error }]]),
      new Map(),
    ])
      for (const isAsking of [true, false]) {
        const context = { uri, [FETCHED]: { found, isAsking } };
        assert.deepEqual(await apart("{{ read(uri) }}", context, {}), here("{{ read(uri) }}", context, {}));
      }
  });

  for (const [what, greedy] of Object.entries({
    "lists that are kept":
      "{% set all = [] %}{% for i in 1..1200 %}{% set x = all.add(list | merge([i])) %}{% endfor %}",
    "texts that are kept and read":
      "{% set s = text %}{% set all = [] %}{% for i in 1..2000 %}{% set s = s ~ i %}{% set x = all.add(s) %}{{ s == text }}{{ s | first }}{% endfor %}",
  }))
    it(`ends for ${what}, which fill its memory, and nothing else does`, async () => {
      const context = { text: "a".repeat(1_000_000), list: Array(100_000).fill(0) };
      const beside = renderApart(questionOf("{{ 1 + 1 }}", {}, {}), { name: "beside" });
      await assert.rejects(
        renderInTurn(greedy, context),
        (error) =>
          error instanceof ExpressionError &&
          /^The expression takes too much memory\. Expression `/.test(error.message),
      );
      assert.equal("value" in (await beside), true);
      assert.equal(await renderInTurn("{{ 1 + 1 }}", {}), 2);
    });
});

/** Takes its whole time, or nearly. */
const bomb =
  "{% for i in 1..100000 %}{{ i | date('yyyy' ~ \"'#{i}'\" ~ 'EEEE', locale='fr') }}{% endfor %}{{ who }}";
const isLimit = (error: unknown) =>
  error instanceof ExpressionError && /too much work|too long/.test(error.message);

/** The longest that this thread works without a look at anything else, until something is done. */
async function longestPause(until: Promise<unknown>): Promise<number> {
  const isDone = until.then(() => true);
  let longestMs = 0;
  for (let before = process.threadCpuUsage(); ; before = process.threadCpuUsage()) {
    if (await Promise.race([isDone, pause(1)])) return longestMs;
    const { user, system } = process.threadCpuUsage(before);
    longestMs = Math.max(longestMs, (user + system) / 1_000);
  }
}

describe("renderInTurn", () => {
  it("ends hostile templates with their own error, and holds up nobody meanwhile", async () => {
    await renderInTurn(bomb, { who: 0 }).catch(() => undefined);
    // Each is another template, so that nothing is known of it.
    const bombs = Promise.allSettled(
      Array.from({ length: 8 }, (_, who) => renderInTurn(`${bomb}${who}`, { who })),
    );
    const honest = Promise.all(Array.from({ length: 100 }, (_, n) => renderInTurn("{{ n + 1 }}", { n })));
    const longestMs = await longestPause(bombs);
    assert.equal((await honest).join(), Array.from({ length: 100 }, (_, n) => n + 1).join());
    for (const end of await bombs) assert.ok(end.status === "rejected" && isLimit(end.reason));
    // A turn's renderings, and one that has used up its patience; all eight of them would take seconds.
    assert.ok(longestMs < 400, `${longestMs} ms`);
  });

  it("is asked for by many, each in turn", async () => {
    const order: string[] = [];
    const ask = (name: string) =>
      renderInTurn(bomb, askedBy({ who: 0 }, { name }))
        .catch(() => undefined)
        .then(() => order.push(name));
    await Promise.all([...Array.from({ length: 8 }, () => ask("a")), ask("b")]);
    // Its turn comes behind two that are under way and one more; how long each takes nobody knows.
    assert.ok(order.indexOf("b") < 7, order.join());
  });

  it("gives up at once when nobody wants it any more", async () => {
    const abort = new AbortController();
    const asked = Array.from({ length: 4 }, () =>
      renderInTurn(bomb, askedBy({ who: 0 }, { name: "killed", signal: abort.signal })),
    );
    const ends = Promise.allSettled(asked);
    await pause(200);
    const start = performance.now();
    abort.abort("KILLED");
    for (const end of await ends) assert.deepEqual(end, { status: "rejected", reason: "KILLED" });
    assert.ok(performance.now() - start < 1_500);
    assert.equal(await renderInTurn("{{ 1 + 1 }}", {}), 2);
  });
});
