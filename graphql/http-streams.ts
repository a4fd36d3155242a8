import type {} from "postgraphile";
import type {} from "postgraphile/grafserv";

/**
 * Answers a subscription by HTTP as soon as it is begun, and ends it with its connection. Grafserv would send the head of the
 * answer with the first event, for which a client may wait for long, and does not notice that the asker has gone.
 */
export const HttpStreamsPlugin: GraphileConfig.Plugin = {
  name: "HttpStreamsPlugin",
  version: "0.0.0",
  description: "Answers subscriptions by HTTP at once, and ends them with their connection.",
  grafserv: {
    middleware: {
      async processRequest(next, { requestDigest }) {
        const result = await next();
        const response = requestDigest.requestContext.node?.res;
        if (result?.type !== "bufferStream" || response === undefined) return result;
        const events = result.bufferIterator;
        const nextEvent = events.next.bind(events);
        events.next = () => {
          response.flushHeaders();
          return nextEvent();
        };
        const end = () => void events.return();
        if (response.closed) end();
        else response.once("close", end);
        return result;
      },
    },
  },
};
