import { z } from "zod";
import { bool, text } from "../property.ts";
import { defineTaskType, TaskError } from "../task-type.ts";
import { checkUri } from "./check-uri.ts";
import { shortUrl } from "./http-error.ts";
import { recordHttpMetrics } from "./http-metrics.ts";
import { httpProperties } from "./http-properties.ts";
import { withAliases } from "./property-aliases.ts";
import { requestBody } from "./request-body.ts";
import { assertStatus, BODY_START, decoded, received } from "./response.ts";
import { responseFileName } from "./response-file-name.ts";
import { sendRequest } from "./send-request.ts";

/** `io.kestra.plugin.core.http.Download` */
export const download = defineTaskType({
  type: "io.kestra.plugin.core.http.Download",
  title: "Download a file",
  description:
    "Sends one HTTP request and keeps what comes back as a file for later tasks. The file is streamed, so its size does not matter.",
  properties: z.strictObject({
    ...httpProperties,
    failOnEmptyResponse: bool().default(true).meta({ description: "Fails when nothing comes back." }),
    saveAs: text().optional().meta({
      description:
        "The name of the file; else the server's word (Content-Disposition), else the end of the URI.",
    }),
  }),
  outputs: z.object({
    code: z.int().meta({ description: "The status code of the answer." }),
    uri: z.string().meta({ description: "The URI of the stored file." }),
    length: z.int().meta({ description: "Its length in bytes." }),
    headers: z.record(z.string(), z.array(z.string())).meta({ description: "The headers of the answer." }),
  }),
  isHeavy: true,
  examples: [
    { title: "Download a CSV file", yaml: "uri: https://example.test/orders.csv" },
    {
      title: "Say who asks, and wait less",
      yaml: "uri: https://example.test/private.zip\noptions:\n  auth:\n    type: BEARER\n    token: abc\n  timeout:\n    readIdleTimeout: PT30S",
    },
  ],
  check: checkUri,
  async run({ properties, context }) {
    const asked = withAliases(properties);
    const { options } = asked;
    const body = await requestBody(asked, context.storage);
    await using response = await sendRequest(asked, body, context);
    await assertStatus(response, options);

    const wire = await peek(received(response, options, context));
    // An encoding may be announced for a body that does not come, as for HEAD.
    const { first, all } = wire.first.length === 0 ? wire : await peek(decoded(response, wire.all));
    if (options.logs.includes("RESPONSE_BODY")) context.log.debug(first.subarray(0, BODY_START).toString());
    if (first.length === 0) {
      if (properties.failOnEmptyResponse && !options.allowFailed) {
        throw new TaskError("empty_response", "No response from server");
      }
      context.log.warn(`File '${shortUrl(response.url)}' is empty`);
    }

    const name =
      properties.saveAs ?? responseFileName(response.url, response.headers["content-disposition"]?.[0]);
    const { uri, size } = await context.storage.put({ ...context.place, name }, all, context.signal);
    recordHttpMetrics(response, { sent: body?.length ?? 0, received: size }, context);
    context.log.debug(`File '${shortUrl(response.url)}' downloaded with size '${size}'`);
    return { outputs: { code: response.status, uri, length: size, headers: response.headers } };
  },
});

/** Looks at the first bytes of a stream; empty when there are none. */
async function peek(
  source: AsyncIterable<Uint8Array>,
): Promise<{ first: Buffer; all: AsyncIterable<Uint8Array> }> {
  const iterator = source[Symbol.asyncIterator]();
  let next = await iterator.next();
  while (!next.done && next.value.length === 0) next = await iterator.next();
  const first = next.done ? new Uint8Array() : next.value;
  const all = async function* () {
    yield first;
    yield* { [Symbol.asyncIterator]: () => iterator };
  };
  return { first: Buffer.from(first), all: all() };
}
