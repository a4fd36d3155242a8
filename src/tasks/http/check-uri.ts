import type { Written } from "../../flow/written.ts";
import { isLiteral, type WrittenFault } from "../../flow/written-fault.ts";

/** What can never be asked by HTTP: what is no URI, or has another scheme, also where a template stands behind that. */
export function* checkUri({ uri }: Written): Generator<WrittenFault> {
  if (typeof uri !== "string") return;
  const scheme = /^\s*([a-z][a-z0-9+.-]*):\/\//i.exec(uri)?.[1]?.toLowerCase();
  const path = ["uri"];
  if (scheme !== undefined && scheme !== "http" && scheme !== "https") {
    const hint =
      scheme === "kestra"
        ? "A stored file is given to a task as it is: nothing has to ask for it."
        : undefined;
    const message = `Only http and https can be asked, not ${scheme}.`;
    yield { path, reason: "invalid_uri", message, ...(hint && { hint }) };
  } else if (isLiteral(uri) && URL.parse(uri.trim()) === null) {
    const hint = "Write it with its scheme, as in `https://example.com/data.csv`.";
    yield { path, reason: "invalid_uri", message: `\`${uri}\` is not a URI.`, hint };
  }
}
