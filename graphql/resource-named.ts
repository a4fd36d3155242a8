import type {} from "postgraphile";
import type { PgResource } from "postgraphile/@dataplan/pg";

/** A view or function of the database by its name, as Grafast knows it. */
export function resourceNamed(build: GraphileBuild.Build, name: string): PgResource {
  const resource: PgResource | undefined = build.pgResources[name];
  if (resource === undefined) throw new Error(`${name} is not visible; is it granted?`);
  return resource;
}
