/**
 * `npm run test:package`: packs the program, installs the package in an empty folder beside the oldest Node that it claims
 * to run on, and does there what the README does. It takes a minute and the registry, so `npm test` leaves it out.
 */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { packageRoot, version } from "../src/base/version.ts";

const folder = await mkdtemp(join(tmpdir(), "reprise-package-"));
const bin = join(folder, "node_modules/.bin");
const { DATABASE_URL: _theirs, NODE_COMPILE_CACHE: _cache, ...inherited } = process.env;
const env = {
  ...inherited,
  PATH: `${bin}${delimiter}${inherited.PATH}`,
  REPRISE_PORT: "0",
  REPRISE_LOG_LEVEL: "warn",
};
const run = promisify(execFile);

const failing = `
id: bill
namespace: company.team
tasks:
  - id: read
    type: io.kestra.plugin.core.debug.Return
    format: "12,50"
  - id: double
    type: io.kestra.plugin.core.debug.Return
    format: "{{ (outputs.read.value | number) * 2 }}"
`;
const corrected = failing.replace("| number", "| replace({',': '.'}) | number");

before(async () => {
  const { engines } = JSON.parse(await readFile(join(packageRoot, "package.json"), "utf8"));
  const least = String(engines.node).replace(">=", "");
  await run("npm", ["pack", "--pack-destination", folder], { cwd: packageRoot });
  await writeFile(join(folder, "package.json"), "{}");
  const wanted = [`./reprise-${version}.tgz`, `node@${least}`];
  await run("npm", ["install", "--no-audit", "--no-fund", ...wanted], { cwd: folder });
  const { stdout } = await run("node", ["--version"], { cwd: folder, env });
  assert.ok(stdout.startsWith(`v${least}`), `the tests ran on ${stdout}`);
});
after(() => rm(folder, { recursive: true, force: true }));

describe("the installed package", () => {
  it("starts, and replays a flow that failed on its corrected revision", async () => {
    const reprise = spawn("reprise", ["start", "--json"], {
      cwd: folder,
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(reprise, "exit");
    try {
      await once(reprise.stdout, "data");
      await save(failing);
      const { id, state } = await ask("run", "company.team", "bill", "--wait");
      assert.equal(state, "FAILED");
      await save(corrected);
      const replay = await ask("replay", id, "--from", "failed", "--revision", "latest", "--wait");
      assert.deepEqual(
        replay.taskRuns.map((task: Document) => [task.taskId, task.isCarried, String(task.outputs.value)]),
        [
          ["read", true, "12,50"],
          ["double", false, "25.0"],
        ],
      );
    } finally {
      reprise.kill("SIGTERM");
    }
    assert.deepEqual(await ended, [0, null]);
  });

  it("plays the demo by itself", async () => {
    const { isAsItShouldBe } = await ask("demo", "--rows", "2000");
    assert.equal(isAsItShouldBe, true);
  });
});

async function save(source: string): Promise<void> {
  await writeFile(join(folder, "bill.yaml"), source);
  const { isValid } = await ask("flow", "apply", "bill.yaml");
  assert.equal(isValid, true);
}

// biome-ignore lint/suspicious/noExplicitAny: the shape of a document is each command's.
type Document = any;

/** Runs a command, and gives its document whatever its exit code is. */
async function ask(...args: string[]): Promise<Document> {
  const { stdout } = await run("reprise", [...args, "--json"], { cwd: folder, env }).catch((error) => error);
  return JSON.parse(stdout);
}
