import { type Check, fail, ok, warn } from "./finding.ts";

/** PostgreSQL 16 to 18 is what the tests run on. */
export const checkVersion: Check = async (db) => {
  const { rows } = await db.query<{ number: number; version: string }>(
    "select current_setting('server_version_num')::integer as number, current_setting('server_version') as version",
  );
  const { number = 0, version = "" } = rows[0] ?? {};
  const major = Math.floor(number / 10_000);
  if (major < 16) return [fail("PostgreSQL", `${version} is too old.`, "Reprise needs 16 to 18.")];
  if (major > 18)
    return [warn("PostgreSQL", `${version} is newer than what Reprise was tested with (16 to 18).`)];
  return [ok("PostgreSQL", version)];
};

/** Workers and the database compare times; a second apart is much. */
const muchMs = 1_000;
const tooMuchMs = 10_000;

/** How far the clocks of this machine and of the database are apart. */
export const checkClock: Check = async (db) => {
  const before = Date.now();
  const { rows } = await db.query<{ now: Date }>("select pg_catalog.clock_timestamp() as now");
  const after = Date.now();
  // The answer was given somewhere between.
  const theirs = rows[0]?.now.getTime() ?? 0;
  const skewMs = Math.round(theirs < before ? theirs - before : Math.max(0, theirs - after));
  const message = `The database's clock is ${Math.abs(skewMs)} ms ${skewMs < 0 ? "behind" : "ahead of"} this machine's.`;
  if (Math.abs(skewMs) < muchMs) return [ok("Clock", "Within a second of the database's.")];
  const hint = "Let both machines follow a time server.";
  return [Math.abs(skewMs) < tooMuchMs ? warn("Clock", message, hint) : fail("Clock", message, hint)];
};
