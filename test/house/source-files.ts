import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { packageRoot } from "../../src/base/version.ts";

/** A file of the project; its path is relative to the project and has forward slashes. */
export interface SourceFile {
  path: string;
  text: string;
}

/** The files of the project that match, in the order of their paths. */
export function filesOf(...patterns: string[]): SourceFile[] {
  const paths = globSync(patterns, { cwd: packageRoot, exclude: ["**/node_modules/**"] }).sort();
  return paths.map((path) => ({ path, text: readFileSync(join(packageRoot, path), "utf8") }));
}

/** All TypeScript that is written by hand. */
export function typescriptFiles(): SourceFile[] {
  return filesOf("{src,graphql,test,bench}/**/*.ts").filter(({ path }) => !path.endsWith("/generated.ts"));
}

/** What a file imports: paths of the project, or names of packages. */
export function importsOf(file: SourceFile): { target: string; isPackage: boolean }[] {
  const statements = file.text.matchAll(
    /^\s*(?:import|export)\s(?:[^"';]*?\sfrom\s)?"([^"]+)"|import\("([^"]+)"\)/gm,
  );
  return [...statements].map(([, fixed, dynamic]) => {
    const name = fixed ?? dynamic ?? "";
    if (!name.startsWith(".")) return { target: name, isPackage: true };
    const target = relative(packageRoot, resolve(packageRoot, dirname(file.path), name));
    return { target, isPackage: false };
  });
}
