import type { HtmlElement } from "./table-text.ts";

/**
 * A `pre` as Markdown, as Kestra's converter has it: code without a language is indented; what has a language, or is no code, stands
 * between fences.
 */
export function preformatted(pre: HtmlElement): string {
  const code = Array.from(pre.childNodes).find(({ nodeName }) => nodeName === "CODE");
  const language = (code?.getAttribute?.("class") ?? "").replace(/^language-/, "");
  const text = textOf(pre).replace(/\n$/, "");
  if (code !== undefined && language === "" && text.trim() !== "")
    return `\n\n    ${text.replaceAll("\n", "\n    ")}\n\n`;
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `\n\n${fence}${language}\n${text}\n${fence}\n\n`;
}

/** The text in an element as it stands there; a `br` is a line end. */
function textOf(node: HtmlElement): string {
  if (node.nodeName === "BR") return "\n";
  if (node.nodeName === "#text") return node.textContent ?? "";
  return Array.from(node.childNodes).map(textOf).join("");
}
