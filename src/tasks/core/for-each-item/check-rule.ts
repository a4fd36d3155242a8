import { RE2JS } from "re2js";
import type { Written } from "../../../flow/written.ts";
import { isLiteral, type WrittenFault } from "../../../flow/written-fault.ts";
import { bytesOf } from "./bytes-of.ts";

/** What can never work in a rule by which files are cut, as it is written. */
export function* checkRule({ bytes, regexPattern }: Written): Generator<WrittenFault> {
  if (isLiteral(bytes) && bytesOf(bytes) === undefined) {
    yield {
      path: ["bytes"],
      reason: "invalid_value",
      message: `Invalid size with value '${bytes}'.`,
      hint: "Write a number with B, KB, MB or GB, as in `512KB`.",
    };
  }
  const problem = isLiteral(regexPattern) ? problemOf(regexPattern) : undefined;
  if (problem !== undefined) {
    const message = `\`${regexPattern}\` is no regular expression: ${problem}.`;
    yield { path: ["regexPattern"], reason: "invalid_pattern", message };
  } else if (isLiteral(regexPattern) && RE2JS.compile(regexPattern).groupCount() === 0) {
    yield {
      path: ["regexPattern"],
      reason: "pattern_without_group",
      message: `\`${regexPattern}\` has no group to tell lines apart by: all of them are left out.`,
      hint: "Put parentheses around what tells them apart, as in `^(\\w+);`.",
      isWarning: true,
    };
  }
}

function problemOf(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).replace(/^error parsing regexp: /, "");
  }
}
