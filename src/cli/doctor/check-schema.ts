import { describePending } from "../../db/migrate.ts";
import { type Check, fail, ok } from "./finding.ts";

/** Whether migrations and functions are those of this program. */
export const checkSchema: Check = async (db) => {
  const pending = await describePending(db);
  if (pending.length === 0)
    return [ok("Schema", "Every migration is applied, and the functions are those of this version.")];
  return pending.map((message) =>
    fail(
      "Schema",
      message,
      message.includes("edited") ? "Put the change into a new migration." : "Run: reprise migrate",
    ),
  );
};

/** The roles, and who may do what: see `sql/grants.sql`. */
export const checkRoles: Check = async (db) => {
  const { rows } = await db.query<{ role: string; exists: boolean; takes: boolean; reads: boolean }>(
    `select
      wanted.role,
      r.oid is not null as exists,
      r.oid is not null and pg_catalog.pg_has_role(current_user, r.oid, 'SET') as takes,
      r.oid is not null and n.oid is not null and pg_catalog.has_schema_privilege(r.oid, n.oid, 'USAGE') as reads
    from (values ('reprise_graphql'), ('reprise_worker')) as wanted (role)
    left join pg_catalog.pg_roles as r on r.rolname = wanted.role
    left join pg_catalog.pg_namespace as n on n.nspname = 'reprise_api'`,
  );
  const { rows: me } = await db.query<{ name: string }>("select current_user as name");
  return rows.map(({ role, exists, takes, reads }) => {
    const grant = `grant ${role} to ${me[0]?.name};`;
    if (!exists)
      return fail(
        "Roles",
        `The role ${role} is missing.`,
        `As an administrator: create role ${role} nologin; ${grant}`,
      );
    if (!takes)
      return fail("Roles", `${me[0]?.name} may not take the role ${role}.`, `As an administrator: ${grant}`);
    if (!reads)
      return fail("Roles", `The role ${role} may not use schema reprise_api.`, "Run: reprise migrate");
    return ok("Roles", `${role} is there, with its grants.`);
  });
};

/** Functions are open to everybody unless closed: nothing of ours may be. */
export const checkGrants: Check = async (db) => {
  const { rows } = await db.query<{ name: string }>(
    `select p.oid::regproc::text as name
    from pg_catalog.pg_proc as p
    join pg_catalog.pg_namespace as n on n.oid = p.pronamespace and n.nspname in ('reprise_engine', 'reprise_api')
    where exists (
      select from pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) as a
      where a.grantee = 0 and a.privilege_type = 'EXECUTE'
    )
    order by 1
    limit 3`,
  );
  if (rows.length === 0) return [ok("Grants", "No function of ours is open to everybody.")];
  const names = rows.map(({ name }) => name).join(", ");
  return [fail("Grants", `Everybody may call ${names}.`, "Run: reprise migrate")];
};
