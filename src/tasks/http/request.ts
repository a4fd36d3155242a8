import { z } from "zod";
import { shorten } from "../../base/shorten.ts";
import { bool } from "../property.ts";
import { defineTaskType, TaskError } from "../task-type.ts";
import { checkUri } from "./check-uri.ts";
import { shortUrl } from "./http-error.ts";
import { recordHttpMetrics } from "./http-metrics.ts";
import { httpProperties } from "./http-properties.ts";
import { withAliases } from "./property-aliases.ts";
import { requestBody } from "./request-body.ts";
import { assertStatus, BODY_START, decoded, received } from "./response.ts";
import { type HttpResponse, sendRequest } from "./send-request.ts";

/** `io.kestra.plugin.core.http.Request` */
export const request = defineTaskType({
  type: "io.kestra.plugin.core.http.Request",
  title: "Send an HTTP request",
  description:
    "Sends one HTTP request and gives what comes back as text, to be read by later tasks. What is no text, or large, is for Download.",
  properties: z.strictObject({
    ...httpProperties,
    encryptBody: bool()
      .refine((isEncrypted) => !isEncrypted, "Encrypted outputs are not supported yet")
      .default(false)
      .meta({ description: "Whether the body is encrypted in the outputs, which is not supported yet." }),
  }),
  outputs: z.object({
    uri: z.string().meta({ description: "What was asked for, with its parameters." }),
    code: z.int().meta({ description: "The status code of the answer." }),
    headers: z.record(z.string(), z.array(z.string())).meta({ description: "The headers of the answer." }),
    body: z
      .string()
      .nullable()
      .meta({ description: "The body of the answer as text; null where it can have none." }),
    encryptedBody: z.unknown().optional().meta({ description: "The body, encrypted; not given yet." }),
  }),
  examples: [
    { title: "Ask for JSON", yaml: "uri: https://example.test/api/orders\nparams:\n  status: open" },
    {
      title: "Send JSON",
      yaml: 'uri: https://example.test/api/orders\nmethod: POST\nbody: "{{ inputs.order | toJson }}"\nheaders:\n  x-request-id: "{{ execution.id }}"',
    },
  ],
  check: checkUri,
  async run({ properties, context }) {
    const asked = withAliases(properties);
    const { options } = asked;
    const sent = await requestBody(asked, context.storage);
    await using response = await sendRequest(asked, sent, context);
    const { status: code, headers, method } = response;
    context.log.debug(
      `Request '${shortUrl(response.asked)}' from '${shortUrl(response.url)}' with the response code '${code}'`,
    );
    await assertStatus(response, options);

    const bytes = await whole(decoded(response, received(response, options, context)), response);
    recordHttpMetrics(response, { sent: sent?.length ?? 0, received: bytes.length }, context);
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    if (options.logs.includes("RESPONSE_BODY")) context.log.debug(shorten(text, BODY_START));
    assertText(text);
    const hasBody = method !== "HEAD" && code !== 204 && code !== 304;
    return { outputs: { uri: response.asked.href, code, headers, body: hasBody ? text : null } };
  },
});

// Outputs are rows of a table; what is larger is a file.
const LARGEST_BODY = 19 * 1024 * 1024;

async function whole(source: AsyncIterable<Uint8Array>, { headers }: HttpResponse): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of source) {
    pieces.push(piece);
    size += piece.length;
    if (size > LARGEST_BODY) {
      const announced = Number(headers["content-length"]?.[0] ?? 0);
      throw new TaskError(
        "response_too_large",
        `Response body is too large to store in task outputs (${Math.max(size, announced)} bytes > max ${LARGEST_BODY} bytes). ` +
          "Use io.kestra.plugin.core.http.Download to fetch large payloads as files instead.",
      );
    }
  }
  return Buffer.concat(pieces);
}

function assertText(text: string): void {
  const unknown = /\p{Cn}/u.exec(text)?.[0].codePointAt(0) ?? (text.includes("\0") ? 0 : undefined);
  if (unknown === undefined) return;
  throw new TaskError(
    "response_not_text",
    `Illegal unicode code point in request body: ${unknown}, the Request task only support valid Unicode strings as body.\n` +
      "You can try using the Download task instead.",
  );
}
