/** What is used of an element. The DOM's own types belong to browsers. */
export interface HtmlElement {
  nodeName: string;
  children: ArrayLike<HtmlElement>;
  childNodes: ArrayLike<HtmlElement>;
  parentNode: HtmlElement | null;
  nextSibling: HtmlElement | null;
  innerHTML: string;
  textContent: string | null;
  getAttribute?(name: string): string | null;
  matches(selector: string): boolean;
  querySelectorAll(selector: string): ArrayLike<HtmlElement>;
}

/** A table as Markdown, its columns as wide as what they hold. The first row is the header. */
export function tableText(table: HtmlElement, toMarkdown: (html: string) => string): string {
  const rows = Array.from(table.querySelectorAll("tr")).map((row) =>
    Array.from(row.children)
      .filter(({ nodeName }) => nodeName === "TH" || nodeName === "TD")
      .map((cell) => cellText(cell.innerHTML, toMarkdown)),
  );
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(3, widths[index] ?? 0, cell.length);
  }
  if (widths.length === 0) return "";
  const [header = [], ...others] = rows;
  const line = (row: string[]) =>
    `| ${widths.map((width, index) => (row[index] ?? "").padEnd(width)).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return `\n\n${[line(header), rule, ...others.map(line)].join("\n")}\n\n`;
}

function cellText(html: string, toMarkdown: (html: string) => string): string {
  const text = html.trim() === "" ? "" : toMarkdown(html);
  return text.replace(/\s+/g, " ").trim().replaceAll("|", "\\|");
}
