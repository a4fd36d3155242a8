/** Something a person should change, or know about, in the text of a flow. */
export interface Issue {
  severity: "ERROR" | "WARNING";
  /** A stable word to tell kinds apart by. */
  reason: string;
  /** A sentence with a full stop. */
  message: string;
  path: Path;
  /** Counted from 1. */
  line: number;
  /** Counted from 1. */
  column: number;
  hint?: string;
}

/** Keys and list positions from the top of the flow down to a value. */
export type Path = (string | number)[];

/** The order of the source. */
export function byPlace(a: Issue, b: Issue): number {
  return a.line - b.line || a.column - b.column;
}

/** What can be said about an issue beside its reason and its message. */
export interface IssueOptions {
  hint?: string | undefined;
  /** Points at the key instead of the value. */
  atKey?: boolean;
  /** Points at this character of a text value. */
  offset?: number;
  /** Points at this character of the source, where no path leads. */
  sourceOffset?: number;
}

/** Where a path lies in the source. */
export type Locate = (path: Path, options: IssueOptions) => { line: number; column: number };

/** Collects issues while a flow is read. */
export interface Findings {
  error(path: Path, reason: string, message: string, options?: IssueOptions): void;
  warning(path: Path, reason: string, message: string, options?: IssueOptions): void;
  hasErrors(): boolean;
  /** Where a path lies in the source. */
  locate: Locate;
  /** The line of a path, for messages that name a second place. */
  lineOf(path: Path): number;
  /** The issues (the first thousand), in the order of the source. */
  sorted(): Issue[];
}

/** More than anybody reads: a source that is no flow at all would otherwise give one issue per word. */
const maxIssues = 1_000;

function firstOf(issues: Issue[]): Issue[] {
  if (issues.length <= maxIssues) return issues;
  const errors = issues.filter((issue) => issue.severity === "ERROR");
  return [...errors, ...issues.filter((issue) => issue.severity === "WARNING")].slice(0, maxIssues);
}

/** What an alias or a form hands on is the same fault in each place that it comes to. */
function eachOnce(issues: Issue[]): Issue[] {
  const told = new Map(
    issues.map((issue) => [`${issue.line}:${issue.column} ${issue.reason} ${issue.message}`, issue]),
  );
  return [...told.values()];
}

/** Starts a collection of issues for one source. */
export function createFindings(locate: Locate): Findings {
  const issues: Issue[] = [];
  const add = (
    severity: Issue["severity"],
    path: Path,
    reason: string,
    message: string,
    options: IssueOptions,
  ) =>
    issues.push({
      severity,
      reason,
      message,
      path,
      ...locate(path, options),
      ...(options.hint === undefined ? {} : { hint: options.hint }),
    });

  return {
    error: (path, reason, message, options = {}) => add("ERROR", path, reason, message, options),
    warning: (path, reason, message, options = {}) => add("WARNING", path, reason, message, options),
    locate,
    lineOf: (path) => locate(path, {}).line,
    hasErrors: () => issues.some((issue) => issue.severity === "ERROR"),
    sorted: () => firstOf(eachOnce(issues)).toSorted(byPlace),
  };
}
