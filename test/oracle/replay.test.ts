import { describe, it, type TestContext } from "node:test";
import fc from "fast-check";
import { testDatabase } from "../support/database.ts";
import { judge } from "./judge.ts";
import { runCases } from "./run-cases.ts";
import { type Case, sequenceCase } from "./sequence.ts";

// `npm run test:nightly` asks for many more.
const CASES = Number(process.env.REPRISE_ORACLE_CASES ?? 240);
// Side by side in one transaction, since most of the time goes into waiting for Postgres.
const AT_ONCE = 20;
// What is rolled back stays in the tables as dead rows, and reading past them would take longer and longer.
const VACUUM_EVERY = 10 * AT_ONCE;
// Making a case that fails small takes its time; after this it is shown as it is.
const SHRINKING_MS = 60_000;
const seed = Number(process.env.REPRISE_ORACLE_SEED ?? Math.trunc(Math.random() * 2 ** 31));

const db = await testDatabase();
// Everything is rolled back, so autovacuum would find tables with many pages and no rows, and Postgres would plan for none.
await db.pool.query(`do $$ declare t regclass; begin
  for t in select c.oid from pg_class as c where c.relnamespace = 'reprise'::regnamespace and c.relkind = 'r' loop
    execute format('alter table %s set (autovacuum_enabled = off)', t);
  end loop;
end $$`);

describe("the oracle of replay", () => {
  it(`holds for ${CASES} made-up sequences, from every task run of them`, async (context) => {
    context.diagnostic(`seed ${seed}: run again with REPRISE_ORACLE_SEED=${seed}`);
    const cases = fc.sample(sequenceCase, { seed, numRuns: CASES });
    let replays = 0;
    for (let first = 0; first < CASES; first += AT_ONCE) {
      if (first % VACUUM_EVERY === 0) await db.pool.query("vacuum");
      const some = cases.slice(first, first + AT_ONCE);
      const { failed, ran } = await hold(some);
      replays += ran;
      if (failed !== undefined) await shrink(context, first + failed);
    }
    context.diagnostic(`${replays} replays ended as they should`);
  });
});

/** Runs cases side by side. Gives the first that does not hold, and how many replays ran. */
async function hold(cases: Case[]): Promise<{ failed?: number; ran: number }> {
  return await db.inTransaction(async (client) => {
    const happened = await runCases(client, cases).catch(() => undefined);
    // Where the engine itself refused something, the cases have to be told apart one by one.
    if (happened === undefined) return { failed: await findBroken(cases), ran: 0 };
    const failed = happened.findIndex((one) => !holds(() => judge(one)));
    const ran = happened.flatMap(({ replays }) => replays).filter((one) => one.ran !== undefined).length;
    return failed === -1 ? { ran } : { failed, ran };
  });
}

async function findBroken(cases: Case[]): Promise<number> {
  for (const [index, made] of cases.entries()) {
    const runs = db.inTransaction(async (client) => await runCases(client, [made]));
    if ((await runs.catch(() => undefined)) === undefined) return index;
  }
  throw new Error("Each of these cases runs by itself, but together they do not.");
}

function holds(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

/** Makes the case that failed as small as it gets, and throws what is wrong with it. */
async function shrink(context: TestContext, index: number): Promise<never> {
  context.diagnostic(`case ${index} does not hold`);
  const property = fc.asyncProperty(sequenceCase, async (made) => {
    await db.inTransaction(async (client) => {
      for (const happened of await runCases(client, [made])) judge(happened);
    });
  });
  const path = String(index);
  const result = await fc.check(property, {
    seed,
    path,
    numRuns: index + 1,
    interruptAfterTimeLimit: SHRINKING_MS,
  });
  const report = fc.defaultReportMessage(result) ?? "It holds by itself, and not beside the others.";
  throw new Error(report, { cause: result.errorInstance });
}
