import type {} from "postgraphile";
import type {} from "postgraphile/grafserv";

/** Ends a subscription by HTTP with its connection. Grafserv does not notice that the asker has gone. */
export const HttpStreamsPlugin: GraphileConfig.Plugin = {
  name: "HttpStreamsPlugin",
  version: "0.0.0",
  description: "Ends subscriptions by HTTP with their connection.",
  grafserv: {
    middleware: {
      async processRequest(next, { requestDigest }) {
        const result = await next();
        const response = requestDigest.requestContext.node?.res;
        if (result?.type !== "bufferStream" || response === undefined) return result;
        const end = () => void result.bufferIterator.return();
        if (response.closed) end();
        else response.once("close", end);
        return result;
      },
    },
  },
};
