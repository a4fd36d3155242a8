import TurndownService from "turndown";
import { z } from "zod";
import { fileUri, list, text } from "../../property.ts";
import { defineTaskType, unfit } from "../../task-type.ts";
import { convertDocument, documentOutputs } from "./convert-document.ts";
import { preformatted } from "./preformatted.ts";
import { type HtmlElement, tableText } from "./table-text.ts";

/** `io.kestra.plugin.serdes.markdown.HtmlToMarkdown` */
export const htmlToMarkdown = defineTaskType({
  type: "io.kestra.plugin.serdes.markdown.HtmlToMarkdown",
  title: "Convert HTML to Markdown",
  description: "Writes an HTML document as Markdown. Scripts and styles are left out.",
  properties: z.strictObject({
    from: fileUri().meta({ description: "The URI of the HTML file, in UTF-8." }),
    ignoreTags: list(text())
      .default([])
      .meta({ description: "What is left out: CSS selectors, such as `nav` or `.ad`." }),
    baseUri: text().optional().meta({ description: "What relative links and images are resolved against." }),
  }),
  outputs: documentOutputs("Markdown file"),
  isHeavy: true,
  examples: [
    { title: "Write Markdown", yaml: 'from: "{{ outputs.download.uri }}"\nignoreTags: [nav, footer]' },
  ],
  async run({ properties, context }) {
    const service = newService(properties);
    return convertDocument(context, properties, "md", (html) => {
      const markdown = html.trim() === "" ? "" : service.turndown(html);
      return markdown === "" ? "" : `${markdown}\n`;
    });
  },
});

function newService({
  ignoreTags,
  baseUri,
}: {
  ignoreTags: string[];
  baseUri?: string | undefined;
}): TurndownService {
  const service = new TurndownService({
    headingStyle: "atx",
    hr: "*** ** * ** ***",
    bulletListMarker: "*",
    codeBlockStyle: "indented",
    emDelimiter: "*",
    strongDelimiter: "**",
    br: "  ",
  });
  service.remove(["script", "style", "noscript", "template", "title"]);
  service.addRule("item", { filter: "li", replacement: (content, node) => itemText(content, node) });
  service.addRule("link", {
    filter: (node) => node.nodeName === "A" && Boolean(node.getAttribute("href")),
    replacement: (content, node) =>
      `[${content}](${resolved(attribute(node, "href"), baseUri)}${titleOf(node)})`,
  });
  service.addRule("image", {
    filter: "img",
    replacement: (_, node) =>
      attribute(node, "src") === ""
        ? ""
        : `![${attribute(node, "alt")}](${resolved(attribute(node, "src"), baseUri)}${titleOf(node)})`,
  });
  service.addRule("preformatted", {
    filter: "pre",
    replacement: (_, node) => preformatted(node as unknown as HtmlElement),
  });
  for (const [mark, filter] of MARKS)
    service.addRule(mark, { filter, replacement: (content) => marked(content, mark) });
  service.addRule("table", {
    filter: "table",
    replacement: (_, node) => tableText(node as unknown as HtmlElement, (cell) => service.turndown(cell)),
  });
  // The last rule is asked first.
  service.addRule("ignored", {
    filter: (node) => ignoreTags.some((selector) => matches(node as unknown as HtmlElement, selector)),
    replacement: () => "",
  });
  return service;
}

// What Markdown itself has no mark for, as Kestra's converter writes it.
const MARKS: [mark: string, tags: TurndownService.Filter][] = [
  ["~~", ["del", "s", "strike" as "s"]],
  ["++", ["ins", "u"]],
  ["~", ["sub"]],
  ["^", ["sup"]],
];

/** Blanks at the ends stay outside of marks, which would not be read as such otherwise. */
function marked(content: string, mark: string): string {
  const text = content.trim();
  if (text === "") return content;
  const [before = "", after = ""] = content.split(text, 2);
  return `${before}${mark}${text}${mark}${after}`;
}

function matches(node: HtmlElement, selector: string): boolean {
  try {
    return node.matches(selector);
  } catch (cause) {
    throw unfit(`\`ignoreTags\`: ${selector} is no CSS selector`, { cause });
  }
}

function itemText(content: string, node: TurndownService.Node): string {
  const list = (node as unknown as HtmlElement).parentNode;
  const isOrdered = list?.nodeName === "OL";
  const start = Number(list?.getAttribute?.("start") ?? 1) || 1;
  const items = Array.from(list?.childNodes ?? []).filter(({ nodeName }) => nodeName === "LI");
  const mark = isOrdered ? `${start + items.indexOf(node as unknown as HtmlElement)}. ` : "* ";
  const text = withoutLinesAround(content).replaceAll("\n", `\n${" ".repeat(mark.length)}`);
  return `${mark}${text}${node.nextSibling ? "\n" : ""}`;
}

function withoutLinesAround(text: string): string {
  let end = text.length;
  while (text[end - 1] === "\n") end -= 1;
  return text.slice(0, end).replace(/^\n+/, "");
}

function attribute(node: TurndownService.Node, name: string): string {
  return (node as unknown as HtmlElement).getAttribute?.(name) ?? "";
}

function titleOf(node: TurndownService.Node): string {
  const title = attribute(node, "title");
  return title === "" ? "" : ` "${title.replaceAll('"', '\\"')}"`;
}

function resolved(address: string, baseUri: string | undefined): string {
  const url = baseUri === undefined ? undefined : URL.parse(address, baseUri)?.href;
  return (url ?? address).replace(/[\s()]/g, (one) =>
    encodeURIComponent(one).replace("(", "%28").replace(")", "%29"),
  );
}
