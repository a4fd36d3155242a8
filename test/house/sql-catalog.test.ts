import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { packageRoot } from "../../src/base/version.ts";
import { generateTypes } from "../../src/db/generate-types.ts";
import { readSqlFiles } from "../../src/db/sql-files.ts";
import { testDatabase } from "../support/database.ts";

const db = await testDatabase();

/** Runs a query that finds offenders; each row's first column names one. */
async function find(query: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ offender: string }>(query);
  return rows.map(({ offender }) => offender).sort();
}

describe("the database", () => {
  it("has an index that leads with the columns of each foreign key", async () => {
    // A partial index serves when all that it leaves out are rows without the key.
    const unindexed = await find(`
      select format('%s (%s)', c.conrelid::regclass, c.conname) as offender
      from pg_catalog.pg_constraint c
      join pg_catalog.pg_namespace n on n.oid = c.connamespace
      where c.contype = 'f' and c.conparentid = 0 and n.nspname in ('reprise', 'reprise_meta') and not exists (
        select from pg_catalog.pg_index i
        where i.indrelid = c.conrelid
          and (i.indkey::smallint[])[0:cardinality(c.conkey) - 1] @> c.conkey
          and (i.indpred is null
            or pg_get_expr(i.indpred, i.indrelid) ~ '^\\(?\\(?\\w+ IS NOT NULL\\)?( AND \\(\\w+ IS NOT NULL\\)\\)?)*$')
      )`);
    assert.deepEqual(unindexed, []);
  });

  it("has a comment on each table, view, type and schema of ours", async () => {
    const silent = await find(`
      select c.oid::regclass::text as offender
      from pg_catalog.pg_class c
      where c.relnamespace::regnamespace::text ~ '^reprise' and c.relkind in ('r', 'p', 'v') and not c.relispartition
        and obj_description(c.oid, 'pg_class') is null
      union all
      select t.oid::regtype::text
      from pg_catalog.pg_type t
      left join pg_catalog.pg_class c on c.oid = t.typrelid
      where t.typnamespace::regnamespace::text ~ '^reprise' and (t.typtype in ('e', 'd') or c.relkind = 'c')
        and obj_description(t.oid, 'pg_type') is null
      union all
      select nspname from pg_catalog.pg_namespace
      where nspname ~ '^reprise' and obj_description(oid, 'pg_namespace') is null`);
    assert.deepEqual(silent, []);
  });

  it("has a comment on each column of tables and views, and of what public functions return", async () => {
    const silent = await find(`
      select format('%s.%s', c.oid::regclass, a.attname) as offender
      from pg_catalog.pg_attribute a
      join pg_catalog.pg_class c on c.oid = a.attrelid
      where c.relnamespace::regnamespace::text in ('reprise', 'reprise_api') and not c.relispartition
        and (c.relkind in ('r', 'p', 'v') or c.relkind = 'c' and exists (
          select from pg_catalog.pg_proc p
          where p.pronamespace = 'reprise_api'::regnamespace and p.prorettype = c.reltype))
        and a.attnum > 0 and not a.attisdropped
        and col_description(c.oid, a.attnum) is null`);
    assert.deepEqual(silent, []);
  });

  it("has a comment on each function", async () => {
    const silent = await find(`
      select p.oid::regproc::text as offender
      from pg_catalog.pg_proc p
      where p.pronamespace::regnamespace::text in ('reprise_api', 'reprise_engine')
        and obj_description(p.oid, 'pg_proc') is null`);
    assert.deepEqual(silent, []);
  });

  it("has no two functions of one name", async () => {
    const twice = await find(`
      select min(p.oid::regproc::text) as offender
      from pg_catalog.pg_proc p
      where p.pronamespace::regnamespace::text in ('reprise_api', 'reprise_engine')
      group by p.pronamespace, p.proname
      having count(*) > 1`);
    assert.deepEqual(twice, []);
  });

  it("lets security definer functions pin their search path", async () => {
    const loose = await find(`
      select p.oid::regproc::text as offender
      from pg_catalog.pg_proc p
      where p.pronamespace::regnamespace::text ~ '^reprise' and p.prosecdef
        and not coalesce(p.proconfig::text ~ 'search_path', false)`);
    assert.deepEqual(loose, []);
  });

  it("stores nothing that calls the functions, so that they can be replaced", async () => {
    const bound = await find(`
      select pg_describe_object(d.classid, d.objid, d.objsubid) as offender
      from pg_catalog.pg_depend d
      join pg_catalog.pg_proc p on d.refclassid = 'pg_proc'::regclass and d.refobjid = p.oid
      where p.pronamespace::regnamespace::text in ('reprise_api', 'reprise_engine')
        and d.classid in ('pg_attrdef'::regclass, 'pg_constraint'::regclass)`);
    assert.deepEqual(bound, []);
  });
});

describe("the bodies of the functions", () => {
  it("are accepted by Postgres, which migrations leave unchecked", async () => {
    const { code } = await readSqlFiles();
    const faults: string[] = [];
    await db.inTransaction(async (client) => {
      await client.query("set local check_function_bodies = on");
      // A variable that hides another one, or a column, is a fault that would be found late.
      await client.query("set local plpgsql.extra_errors = 'shadowed_variables'");
      for (const file of code) {
        await client.query("savepoint file");
        await client.query(file.text).catch(async (error: Error) => {
          faults.push(`sql/${file.name}: ${error.message}`);
          await client.query("rollback to savepoint file");
        });
      }
    });
    assert.deepEqual(faults, []);
  });
});

describe("src/db/generated.ts", () => {
  it("is what the database says; if not, run npm run generate", async () => {
    const written = await readFile(join(packageRoot, "src/db/generated.ts"), "utf8");
    const client = await db.pool.connect();
    const current = await generateTypes(client).finally(() => client.release());
    assert.ok(
      written === current,
      "generated.ts is stale: run `npm run generate` and commit what it writes.",
    );
  });
});
