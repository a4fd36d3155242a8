import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A real server on 127.0.0.1 that goes when it is disposed of. */
export interface TestServer extends AsyncDisposable {
  url: string;
  /** What it was asked, in order. */
  requests: { method: string; url: string; headers: IncomingMessage["headers"]; body: string }[];
}

type Answer = (request: IncomingMessage & { body: string }, response: ServerResponse) => void;

export async function anHttpServer(answer: Answer): Promise<TestServer> {
  const requests: TestServer["requests"] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request)).toString("latin1");
    const { method = "", url = "", headers } = request;
    requests.push({ method, url, headers, body });
    answer(Object.assign(request, { body }), response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
