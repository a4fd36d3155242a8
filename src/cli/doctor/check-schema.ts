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
