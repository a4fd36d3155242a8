import { RE2JS } from "re2js";
import { TaskError } from "../task-type.ts";

/**
 * Makes a test of which files patterns mean. Patterns are Java's, as in Kestra: `*` and `?` stay within a folder, `**` does not, and
 * `[a-z]` and `{a,b}` are known. They are relative to the directory; what begins with `glob:` or `regex:` is held against whole paths.
 */
export function fileMatcher(directory: string, patterns: readonly string[]): (name: string) => boolean {
  const matchers = patterns.map((pattern) => matcher(directory, pattern));
  return (name) => matchers.some((matches) => matches(name));
}

/** Whether a pattern means nothing that is in the directory. */
export function patternLeadsOut(pattern: string): boolean {
  return !/^(?:regex|glob):/.test(pattern) && pattern.split("/").includes("..");
}

function matcher(directory: string, pattern: string): (name: string) => boolean {
  if (pattern.startsWith("regex:")) {
    const regex = compile(pattern, pattern.slice("regex:".length));
    return (name) => regex.matches(`${directory}/${name}`);
  }
  if (pattern.startsWith("glob:")) {
    const regex = compile(pattern, regexOf(pattern.slice("glob:".length), pattern));
    return (name) => regex.matches(`${directory}/${name}`);
  }
  const relative = pattern.replace(/^\/+/, "");
  if (patternLeadsOut(pattern)) {
    throw new TaskError(
      "path_leaves_directory",
      `The pattern \`${pattern}\` leads out of the working directory.`,
    );
  }
  const regex = compile(pattern, regexOf(relative, pattern));
  return (name) => regex.matches(name);
}

// Patterns come from flows: this engine takes linear time, whatever they are.
function compile(pattern: string, regex: string): RE2JS {
  try {
    return RE2JS.compile(regex, RE2JS.DOTALL);
  } catch (error) {
    throw notAPattern(pattern, error);
  }
}

function notAPattern(pattern: string, cause?: unknown): TaskError {
  return new TaskError("invalid_pattern", `\`${pattern}\` is no pattern of file names.`, { cause });
}

const PARTS = /\\[\s\S]|\*\*+|[\s\S]/gu;

function regexOf(glob: string, pattern: string): string {
  let regex = "";
  let depth = 0;
  let inClass = false;
  for (const [part] of glob.matchAll(PARTS)) {
    if (inClass) {
      inClass = part !== "]";
      regex += inClass ? quoteInClass(part) : "]";
    } else if (part === "[") {
      inClass = true;
      regex += "[";
    } else if (part === "{") {
      depth += 1;
      regex += "(?:";
    } else if (part === "}" && depth > 0) {
      depth -= 1;
      regex += ")";
    } else if (part === "," && depth > 0) regex += "|";
    else if (part.startsWith("**")) regex += ".*";
    else if (part === "*") regex += "[^/]*";
    else if (part === "?") regex += "[^/]";
    else regex += RE2JS.quote(part.length > 1 && part.startsWith("\\") ? part.slice(1) : part);
  }
  if (depth > 0 || inClass) throw notAPattern(pattern);
  // A class never means the slash, one that says what is not meant least of all.
  return regex.replaceAll(/(?<!\\)\[!/g, "[^/");
}

function quoteInClass(part: string): string {
  if (part === "!" || part === "-") return part;
  const plain = part.length > 1 ? part.slice(1) : part;
  return /^[\\^[\]&~]$/.test(plain) ? `\\${plain}` : plain;
}
