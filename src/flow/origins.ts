import type { Findings, Issue, IssueOptions, Path } from "./issue.ts";

/** Where a part of a flow was written, if not where it stands now. What has no origin lies where the part around it lies. */
export interface Origin {
  path?: Path;
  children: Map<string | number, Origin>;
}

/** Where a path of the flow as it is now lies in the flow as it was written. */
export function originOf(origin: Origin, path: Path): Path {
  let found: Path = [];
  let here: Origin | undefined = origin;
  for (const step of path) {
    found = [...found, step];
    here = here?.children.get(step);
    if (here?.path !== undefined) found = here.path;
  }
  return found;
}

/** Findings that point at where a part was written, and say of what came to many places only once what is wrong with it. */
export function atOrigin(findings: Findings, origin: Origin): Findings {
  const said = new Set<string>();
  const add =
    (severity: Issue["severity"]) =>
    (path: Path, reason: string, message: string, options: IssueOptions = {}) => {
      const place = originOf(origin, path);
      if (place[0] === "pluginDefaults") {
        const all = JSON.stringify([severity, place, reason, message, options.offset]);
        if (said.has(all)) return;
        said.add(all);
      }
      findings[severity === "ERROR" ? "error" : "warning"](place, reason, message, options);
    };
  return {
    ...findings,
    error: add("ERROR"),
    warning: add("WARNING"),
    locate: (path, options) => findings.locate(originOf(origin, path), options),
    lineOf: (path) => findings.lineOf(originOf(origin, path)),
  };
}
