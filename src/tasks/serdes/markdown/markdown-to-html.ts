import { HtmlRenderer, Parser } from "commonmark";
import { z } from "zod";
import { fileUri } from "../../property.ts";
import { defineTaskType } from "../../task-type.ts";
import { charset } from "../convert-file.ts";
import { convertDocument, documentOutputs } from "./convert-document.ts";

/** `io.kestra.plugin.serdes.markdown.MarkdownToHtml` */
export const markdownToHtml = defineTaskType({
  type: "io.kestra.plugin.serdes.markdown.MarkdownToHtml",
  title: "Convert Markdown to HTML",
  description:
    "Writes a Markdown document (CommonMark, without extensions) as HTML. HTML within it passes through as it is, so show the result only where its source is trusted.",
  properties: z.strictObject({
    from: fileUri().meta({ description: "The URI of the Markdown file." }),
    charset: charset("Markdown file"),
  }),
  outputs: documentOutputs("HTML file"),
  isHeavy: true,
  examples: [{ title: "Write HTML", yaml: 'from: "{{ outputs.report.uri }}"' }],
  async run({ properties, context }) {
    return convertDocument(context, properties, "html", (text) =>
      new HtmlRenderer().render(new Parser().parse(text)),
    );
  },
});
