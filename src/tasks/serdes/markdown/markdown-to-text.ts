import { type Node, Parser } from "commonmark";
import { z } from "zod";
import { fileUri } from "../../property.ts";
import { defineTaskType } from "../../task-type.ts";
import { charset } from "../convert-file.ts";
import { convertDocument, documentOutputs } from "./convert-document.ts";

/** `io.kestra.plugin.serdes.markdown.MarkdownToText` */
export const markdownToText = defineTaskType({
  type: "io.kestra.plugin.serdes.markdown.MarkdownToText",
  title: "Convert Markdown to plain text",
  description:
    "Writes the texts of a Markdown document, without its marks. Of links the text stays; code, HTML and the addresses of images do not, as in Kestra.",
  properties: z.strictObject({
    from: fileUri().meta({ description: "The URI of the Markdown file." }),
    charset: charset("Markdown file"),
  }),
  outputs: documentOutputs("text file"),
  isHeavy: true,
  examples: [{ title: "Write plain text", yaml: 'from: "{{ outputs.report.uri }}"' }],
  async run({ properties, context }) {
    return convertDocument(context, properties, "txt", (text) => plainText(new Parser().parse(text)));
  },
});

function plainText(root: Node): string {
  const walker = root.walker();
  let text = "";
  for (let event = walker.next(); event; event = walker.next()) {
    const { node, entering } = event;
    if (entering) text += BEFORE[node.type]?.(node) ?? "";
    else if (["paragraph", "heading", "item"].includes(node.type)) text += "\n";
  }
  return text.trim();
}

const BEFORE: Record<string, ((node: Node) => string) | undefined> = {
  text: (node) => node.literal ?? "",
  softbreak: () => " ",
  linebreak: () => "\n",
  item: () => "- ",
};
