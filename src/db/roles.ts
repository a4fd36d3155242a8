import type pg from "pg";

/** How one of the two narrow roles stands: see `sql/grants.sql`. */
export interface RoleState {
  role: "reprise_graphql" | "reprise_worker";
  /** An owner may not be allowed to make roles; then an administrator does. */
  exists: boolean;
  /** Whether the connected user may `set role` to it. */
  isTakable: boolean;
  /** Whether it has its rights in this database. A role that was made after the last migration has none. */
  isGranted: boolean;
}

/** How the narrow roles stand, for whoever is connected. */
export async function readRoles(db: pg.Pool | pg.ClientBase): Promise<RoleState[]> {
  const { rows } = await db.query<RoleState>(
    `select
      wanted.role,
      r.oid is not null as "exists",
      coalesce(pg_catalog.pg_has_role(r.oid, 'SET'), false) as "isTakable",
      case wanted.role
        when 'reprise_graphql' then exists (
          select
          from pg_catalog.pg_class as c
          join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = 'reprise_api'
          where c.relname = 'executions' and pg_catalog.has_schema_privilege(r.oid, n.oid, 'USAGE')
            and pg_catalog.has_table_privilege(r.oid, c.oid, 'SELECT')
        )
        else exists (
          select
          from pg_catalog.pg_proc as p
          join pg_catalog.pg_namespace as n on n.oid = p.pronamespace and n.nspname = 'reprise_engine'
          where p.proname = 'begin_attempts' and pg_catalog.has_schema_privilege(r.oid, n.oid, 'USAGE')
            and pg_catalog.has_function_privilege(r.oid, p.oid, 'EXECUTE')
        ) and (
          select count(*) = 3
          from pg_catalog.pg_policies as p
          where p.schemaname = 'graphile_worker' and p.policyname = wanted.role
        )
      end as "isGranted"
    from (values ('reprise_graphql'), ('reprise_worker')) as wanted (role)
    left join pg_catalog.pg_roles as r on r.rolname = wanted.role
    order by wanted.role`,
  );
  return rows;
}

/** What the connected user is here. */
export interface UserState {
  name: string;
  /** Whether it owns what is in the database, and so may migrate it; where there is nothing yet, whether it may begin. */
  isOwner: boolean;
  /** Whether it may call what workers call, by itself or through a role. */
  isWorker: boolean;
}

/** What the connected user may do. */
export async function readUser(db: pg.Pool | pg.ClientBase): Promise<UserState> {
  const { rows } = await db.query<UserState>(
    `select
      current_user as name,
      coalesce(
        (select pg_catalog.pg_has_role(n.nspowner, 'USAGE') from pg_catalog.pg_namespace as n where n.nspname = 'reprise'),
        pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')
      ) as "isOwner",
      exists (
        select
        from pg_catalog.pg_proc as p
        join pg_catalog.pg_namespace as n on n.oid = p.pronamespace and n.nspname = 'reprise_engine'
        where p.proname = 'begin_attempts' and pg_catalog.has_schema_privilege(n.oid, 'USAGE')
          and pg_catalog.has_function_privilege(p.oid, 'EXECUTE')
      ) as "isWorker"`,
  );
  return rows[0] as UserState;
}
