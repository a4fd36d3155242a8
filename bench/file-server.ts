import { once } from "node:events";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";

/** A local HTTP server of one file. */
export interface FileServer extends AsyncDisposable {
  url: string;
}

/** Serves a file under every path. */
export async function serveFile(path: string): Promise<FileServer> {
  const { size } = await stat(path);
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-length": size });
    // Whoever hangs up early gets no more.
    pipeline(createReadStream(path, { highWaterMark: 256 * 1024 }), response).catch(() => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
