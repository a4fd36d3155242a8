import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { testDatabase } from "../support/database.ts";
import { runCli, runJson } from "./run-cli.ts";

const db = await testDatabase();
const url = db.connectionString;
const folder = await mkdtemp(join(tmpdir(), "reprise-flows-"));
after(() => rm(folder, { recursive: true, force: true }));

function flow(id: string, message = "hi"): string {
  return `id: ${id}\nnamespace: cli.flows\ntasks:\n  - id: say\n    type: io.kestra.plugin.core.log.Log\n    message: ${message}\n`;
}

function starting(id: string, flowId: string): string {
  const task = `{id: s, type: io.kestra.plugin.core.flow.Subflow, namespace: cli.flows, flowId: ${flowId}}`;
  return `id: ${id}\nnamespace: cli.flows\ntasks:\n  - ${task}\n`;
}

const faulty = flow("faulty").replace("message:", "mesage:");

describe("reprise schema", () => {
  it("prints the JSON Schema of flows, or writes it to a file", async () => {
    const file = join(folder, "flow.schema.json");
    const [printed, written] = await Promise.all([runJson(["schema"]), runCli(["schema", file])]);
    assert.deepEqual([written.code, written.stdout], [0, `Wrote ${file}.\n`]);
    assert.deepEqual(JSON.parse(await readFile(file, "utf8")), printed);
    assert.equal(printed.definitions["io.kestra.plugin.core.log.Log"].title, "Log a message");
    await rm(file);
  });
});

describe("reprise flow validate", () => {
  it("shows each issue with its place, its line, a caret and a hint, and fails", async () => {
    const result = await runCli(["flow", "validate", "-"], { input: faulty });
    assert.equal(result.code, 1);
    assert.match(result.stdout, /^stdin:6:5 error Unknown property `mesage`\./m);
    assert.match(result.stdout, /^ {2}6 \| {5}mesage: hi\n {4}\| {5}\^\n {4}= Did you mean `message`\?$/m);
    assert.match(result.stdout, /2 errors, 0 warnings/);
  });

  it("takes files and folders, needs no database, and says all of it in one document", async () => {
    await writeFile(join(folder, "good.yaml"), flow("good"));
    await writeFile(join(folder, "faulty.yml"), faulty);
    const document = await runJson(["flow", "validate", folder], {}, 1);
    assert.equal(document.isValid, false);
    assert.deepEqual(
      document.flows.map(({ id, isValid, issues }: { id: string; isValid: boolean; issues: [] }) => [
        id,
        isValid,
        issues.length,
      ]),
      [
        [null, false, 2],
        ["good", true, 0],
      ],
    );
    await rm(join(folder, "faulty.yml"));
  });

  it("passes over what is hidden or installed in a folder", async () => {
    for (const aside of [".github", "node_modules/other"]) {
      await mkdir(join(folder, aside), { recursive: true });
      await writeFile(join(folder, aside, "faulty.yaml"), faulty);
    }
    const { flows } = await runJson(["flow", "validate", folder]);
    assert.deepEqual(
      flows.map(({ id }: { id: string }) => id),
      ["good"],
    );
  });

  it("looks in the database for what Subflows start, and says where there is none, or none is wanted", async () => {
    const input = starting("caller", "gone");
    const [asked, offline, without, away] = await Promise.all([
      runCli(["flow", "validate", "-"], { url, input }),
      runCli(["flow", "validate", "-", "--offline"], { url, input }),
      runCli(["flow", "validate", "-"], { input }),
      runJson(["flow", "validate", "-"], { url: "postgres://127.0.0.1:1/gone", input }),
    ]);
    assert.match(
      asked.stdout,
      /^stdin:4:\d+ warning The subflow 'gone' not found .* \[subflow_not_found\]$/m,
    );
    assert.deepEqual([asked.code, asked.stderr], [0, ""]);
    const said = "Not looked at: the flows that Subflows start.";
    assert.deepEqual([offline.code, offline.stderr], [0, `${said}\n`]);
    assert.deepEqual([without.code, without.stderr], [0, `${said} No database runs in /nowhere/at/all.\n`]);
    assert.match(away.unchecked, /^Not looked at: .* The database cannot be reached: /);
    assert.deepEqual([offline.stdout, without.stdout], Array(2).fill("✓ stdin: cli.flows.caller\n"));
  });

  it("takes flows that are checked together for saved, also where one of them is faulty", async () => {
    const beside = join(folder, "beside");
    await mkdir(beside);
    await writeFile(join(beside, "a.yaml"), starting("caller", "callee"));
    await writeFile(join(beside, "b.yaml"), flow("callee"));
    const good = await runJson(["flow", "validate", beside], { url });
    await writeFile(join(beside, "b.yaml"), faulty.replace("id: faulty", "id: callee"));
    const bad = await runJson(["flow", "apply", beside], { url }, 1);
    assert.deepEqual([good.flows[0].issues, bad.flows[0].issues], [[], []]);
    await rm(beside, { recursive: true });
  });

  it("says 3 for a file that is not there, and why another cannot be read", async () => {
    const { error } = await runJson(["flow", "validate", "nothing.yaml"], {}, 3);
    assert.equal(error.reason, "file_not_found");
    const below = await runJson(["flow", "validate", join(folder, "good.yaml", "more.yaml")], {}, 1);
    assert.equal(below.error.reason, "file_unreadable");
  });
});

describe("reprise flow apply", () => {
  it("saves a revision, and none for the same text again", async () => {
    const file = join(folder, "good.yaml");
    const first = await runJson(["flow", "apply", file], { url });
    assert.deepEqual([first.flows[0].revision, first.flows[0].isNew], [1, true]);
    const again = await runCli(["flow", "apply", file], { url });
    assert.match(again.stdout, /cli\.flows\.good unchanged, revision 1/);
    await writeFile(file, flow("good", "hello"));
    const second = await runCli(["flow", "apply", file, "-m", "Friendlier."], { url });
    assert.match(second.stdout, /saved as revision 2/);
  });

  it("warns of a Subflow to a flow that is not there", async () => {
    const { stdout, code } = await runCli(["flow", "apply", "-"], { url, input: starting("starts", "gone") });
    assert.equal(code, 0);
    assert.match(
      stdout,
      /4:\d+ warning The subflow 'gone' not found in namespace 'cli\.flows'\. \[subflow_not_found\]/,
    );
  });

  it("warns of a Subflow to a flow beside it that was disabled, and not of one that is to be enabled", async () => {
    const place = join(folder, "beside");
    await mkdir(place);
    const write = (name: string, text: string) =>
      writeFile(join(place, name), text.replaceAll("cli.flows", "beside.flows"));
    const warned = async (command: "apply" | "validate") => {
      const { stdout, code } = await runCli(["flow", command, place], { url });
      assert.equal(code, 0);
      return /4:\d+ warning The subflow 'child' is disabled .* \[subflow_disabled\]/.test(stdout);
    };
    await write("child.yaml", flow("child"));
    await write("parent.yaml", starting("parent", "child"));
    assert.equal(await warned("apply"), false);

    await runCli(["flow", "disable", "beside.flows", "child"], { url });
    assert.deepEqual([await warned("validate"), await warned("apply")], [true, true]);

    await runCli(["flow", "enable", "beside.flows", "child"], { url });
    await write("child.yaml", `${flow("child")}disabled: true\n`);
    assert.deepEqual([await warned("validate"), await warned("apply")], [true, true]);

    await write("child.yaml", flow("child"));
    assert.deepEqual([await warned("validate"), await warned("apply")], [false, false]);
    await rm(place, { recursive: true });
  });

  it("saves nothing when one of them has an error", async () => {
    const input = faulty;
    const result = await runCli(["flow", "apply", join(folder, "good.yaml"), "-"], { url, input });
    assert.equal(result.code, 1);
    assert.match(result.stdout, /Nothing was saved: 2 errors/);
  });
});

describe("reprise flow", () => {
  it("lists flows, of a namespace too", async () => {
    const [found, none] = await Promise.all([
      runJson(["flow", "list", "--namespace", "cli"], { url }),
      runCli(["flow", "list", "-n", "other"], { url }),
    ]);
    assert.deepEqual([found[0].id, found[0].latestRevision, found[0].isDisabled], ["good", 2, false]);
    assert.match(none.stdout, /There are no flows/);
  });

  it("shows the text of a revision byte for byte", async () => {
    const [latest, first, absent] = await Promise.all([
      runCli(["flow", "show", "cli.flows", "good"], { url }),
      runCli(["flow", "show", "cli.flows", "good", "--revision", "1"], { url }),
      runCli(["flow", "show", "cli.flows", "good", "--revision", "7"], { url }),
    ]);
    assert.equal(latest.stdout, flow("good", "hello"));
    assert.equal(first.stdout, flow("good"));
    assert.equal(absent.code, 3);
    assert.match(absent.stderr, /has no revision 7\.\n {2}Its latest is 2\./);
  });

  it("adds no end to a text whose last line has none", async () => {
    const source = flow("endless").trimEnd();
    await runCli(["flow", "apply", "-"], { url, input: source });
    const { stdout } = await runCli(["flow", "show", "cli.flows", "endless"], { url });
    assert.equal(stdout, source);
  });

  it("lists revisions with who saved them and why", async () => {
    const { stdout } = await runCli(["flow", "revisions", "cli.flows", "good"], { url });
    assert.match(stdout, /^2 .*Friendlier\.$/m);
    assert.match(stdout, /^1 /m);
  });

  it("shows what differs between the last two revisions", async () => {
    const [text, document] = await Promise.all([
      runCli(["flow", "diff", "cli.flows", "good"], { url }),
      runJson(["flow", "diff", "cli.flows", "good", "1", "1"], { url }),
    ]);
    assert.match(text.stdout, /^- {4}message: hi\n\+ {4}message: hello$/m);
    assert.equal(document.diff, "");
  });

  it("disables, enables and deletes", async () => {
    await runCli(["flow", "disable", "cli.flows", "good"], { url });
    const refused = await runJson(["run", "cli.flows", "good"], { url }, 1);
    assert.equal(refused.error.code, "RP409");
    const enabled = await runJson(["flow", "enable", "cli.flows", "good"], { url });
    assert.equal(enabled.isDisabled, false);
    const deleted = await runCli(["flow", "delete", "cli.flows", "good"], { url });
    assert.equal(deleted.stdout, "cli.flows.good is deleted.\n");
    const again = await runJson(["flow", "delete", "cli.flows", "good"], { url }, 3);
    assert.equal(again.error.reason, "flow_not_found");
  });
});
