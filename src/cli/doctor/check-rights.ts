import type { Pool } from "pg";
import { readRoles, readUser } from "../../db/roles.ts";
import { type Check, type Finding, fail, ok, warn } from "./finding.ts";

/** Who is connected, and what that user can do. */
export const checkUser: Check = async (db) => {
  const { name, isOwner, isWorker } = await readUser(db);
  if (isOwner)
    return [ok("User", `${name} owns the database: it may migrate it, and run servers and workers.`)];
  if (isWorker)
    return [ok("User", `${name} may run workers, and nothing else. To see more, ask as the owner.`)];
  return [
    fail(
      "User",
      `${name} may do nothing here.`,
      `For a worker, as an administrator: grant reprise_worker to ${name}; For everything else, connect as the owner.`,
    ),
  ];
};

/** Whether the user owns the database; only then is there more to look at. */
export async function isOwner(db: Pool): Promise<boolean> {
  return (await readUser(db)).isOwner;
}

/** The narrow roles: whether they are there, can be taken, and have their rights. */
export const checkRoles: Check = async (db) => {
  const { name } = await readUser(db);
  return (await readRoles(db)).map(({ role, exists, isTakable, isGranted }): Finding => {
    // Without its role no server starts; workers then work with the owner's rights, which is more than they need.
    const wrong = role === "reprise_graphql" ? fail : warn;
    if (!exists)
      return wrong(
        "Roles",
        `The role ${role} is missing.`,
        `As an administrator: create role ${role} nologin; grant ${role} to ${name}; Then, as the owner: reprise migrate`,
      );
    if (!isTakable)
      return wrong(
        "Roles",
        `${name} may not take the role ${role}.`,
        `As an administrator: grant ${role} to ${name};`,
      );
    if (!isGranted) return fail("Roles", `The role ${role} lacks its rights.`, "Run: reprise migrate");
    return ok("Roles", `${role} is there, with its rights.`);
  });
};
