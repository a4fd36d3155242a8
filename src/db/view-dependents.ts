import type pg from "pg";
import { RepriseError } from "../base/errors.ts";

/** Something that is none of ours and is made of our views, as Postgres names it. */
export interface ViewDependent {
  classid: string;
  objid: string;
  objsubid: number;
  description: string;
}

/** Finds what others have built on our views, directly or on what was built on them: views, functions that return their rows. */
export async function findViewDependents(client: pg.ClientBase): Promise<ViewDependent[]> {
  const { rows } = await client.query<ViewDependent>(`
    with recursive built (classid, objid, objsubid, is_ours) as (
      select 'pg_catalog.pg_class'::regclass::oid, c.oid, 0, true
      from pg_catalog.pg_class as c
      join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
      where n.nspname in ('reprise', 'reprise_engine', 'reprise_api') and c.relkind = 'v'
      union
      select own.classid, own.objid, own.objsubid, coalesce(said.schema, '') in ('reprise', 'reprise_engine', 'reprise_api')
      from built
      join pg_catalog.pg_depend as d on d.refclassid = built.classid and d.refobjid = built.objid
      left join pg_catalog.pg_rewrite as r on d.classid = 'pg_catalog.pg_rewrite'::regclass and r.oid = d.objid
      -- What hangs on a view by its rule is the view.
      cross join lateral (
        select
          case when r.oid is null then d.classid else 'pg_catalog.pg_class'::regclass::oid end as classid,
          coalesce(r.ev_class, d.objid) as objid,
          case when r.oid is null then d.objsubid else 0 end as objsubid
      ) as own
      cross join lateral pg_catalog.pg_identify_object(own.classid, own.objid, own.objsubid) as said
    )
    select b.classid::text, b.objid::text, b.objsubid, pg_catalog.pg_describe_object(b.classid, b.objid, b.objsubid) as description
    from built as b
    where not b.is_ours and b.classid <> 'pg_catalog.pg_type'::regclass
    order by description`);
  return rows;
}

/** Refuses a migration after which something is gone that others have built: nothing of theirs goes without their word. */
export async function assertKept(client: pg.ClientBase, dependents: ViewDependent[]): Promise<void> {
  if (dependents.length === 0) return;
  const { rows } = await client.query<{ description: string }>(
    `select d.description
     from unnest($1::oid[], $2::oid[], $3::integer[], $4::text[]) as d (classid, objid, objsubid, description)
     where pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) is null`,
    [
      dependents.map(({ classid }) => classid),
      dependents.map(({ objid }) => objid),
      dependents.map(({ objsubid }) => objsubid),
      dependents.map(({ description }) => description),
    ],
  );
  if (rows.length === 0) return;
  const names = rows.map(({ description }) => description).join(", ");
  throw new RepriseError(
    "RP409",
    "views_built_upon",
    `Our views have to be made anew, and what is built on them would go: ${names}.`,
    {
      hint: "Nothing has changed. Keep how it is defined, drop it, migrate, and make it again.",
      details: { dependents: rows.map(({ description }) => description) },
    },
  );
}
