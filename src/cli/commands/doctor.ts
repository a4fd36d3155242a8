import type { Command } from "commander";
import type { Pool } from "pg";
import { z } from "zod";
import { act, leaf } from "../command.ts";
import { checkRoles, checkUser, isOwner } from "../doctor/check-rights.ts";
import { checkGrants, checkSchema } from "../doctor/check-schema.ts";
import { checkClock, checkVersion } from "../doctor/check-server.ts";
import { checkFailingJobs, checkJobs, checkWorkers } from "../doctor/check-work.ts";
import { type Check, type Finding, fail, ok } from "../doctor/finding.ts";
import { exitCodes } from "../exit-code.ts";
import { describeFailure } from "../failure.ts";
import { asCalled } from "../present/as-called.ts";
import { paint } from "../present/paint.ts";
import type { Session } from "../session.ts";

const checks: readonly Check[] = [checkVersion, checkClock, checkUser];
/** They look into tables that a worker's user, say, may not read. */
const ownersChecks: readonly Check[] = [
  checkSchema,
  checkRoles,
  checkGrants,
  checkWorkers,
  checkJobs,
  checkFailingJobs,
];

/** `reprise doctor` */
export function doctor(): Command {
  return leaf("doctor", "Check the database, what is installed in it, the workers and the jobs.").action(
    act(z.object({}), async (session) => {
      const findings = await examine(session);
      const isHealthy = findings.every(({ level }) => level !== "fail");
      session.print({ isHealthy, findings }, () => findings.map(findingText).join("\n"));
      return isHealthy ? exitCodes.ok : exitCodes.failed;
    }),
  );
}

async function examine(session: Session): Promise<Finding[]> {
  let db: Pool;
  try {
    db = await session.database();
    await db.query("select");
  } catch (error) {
    return [failing("Database", error)];
  }
  const findings: Finding[] = [ok("Database", "It answers.")];
  for (const check of (await isOwner(db)) ? [...checks, ...ownersChecks] : checks)
    findings.push(...(await check(db).catch((error: unknown) => [failing("Check", error)])));
  return findings;
}

function failing(subject: string, error: unknown): Finding {
  const { failure } = describeFailure(error);
  return fail(subject, failure.message, failure.hint);
}

const colours = { ok: "green", warn: "yellow", fail: "red" } as const;

function findingText({ level, subject, message, hint }: Finding): string {
  const line = `${paint(colours[level], level.padEnd(4))}  ${subject.padEnd(10)}  ${message}`;
  return hint === undefined ? line : `${line}\n${" ".repeat(18)}${paint("dim", asCalled(hint))}`;
}
