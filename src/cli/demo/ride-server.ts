import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import yazl from "yazl";
import { makeUpRides, noFacts, type RideFacts } from "./made-up-rides.ts";

/** A server on this machine that stands in for the place where the real trip data is. */
export interface RideServer extends AsyncDisposable {
  /** `http://127.0.0.1:…` */
  readonly origin: string;
  /** What was made up for the last download, once it is complete. */
  facts(): RideFacts | undefined;
}

/** The origin of the real data, as the flow writes it. */
export const realOrigin = "https://divvy-tripdata.s3.amazonaws.com";

/** Starts the server. It makes up the month that it is asked for, while it sends it. */
export async function startRideServer(rows: number): Promise<RideServer> {
  let last: RideFacts | undefined;
  const server = createServer((request, response) => {
    const month = /^\/(\d{4}(?:0[1-9]|1[0-2]))-divvy-tripdata\.zip$/.exec(request.url ?? "")?.[1];
    if (month === undefined) {
      response.writeHead(404).end("There is only YYYYMM-divvy-tripdata.zip.\n");
      return;
    }
    const facts = noFacts();
    sendZip(response, month, makeUpRides(month, rows, facts)).then(
      () => {
        last = facts;
      },
      // Whoever asked has gone away, and says so itself.
      () => response.destroy(),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    facts: () => last,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function sendZip(response: ServerResponse, month: string, csv: Iterable<string>): Promise<void> {
  response.writeHead(200, { "content-type": "application/zip" });
  const zip = new yazl.ZipFile();
  // A fixed time, so that the same month is the same file.
  const mtime = new Date(Date.UTC(2024, 0, 1));
  zip.addReadStream(Readable.from(csv), `${month}-divvy-tripdata.csv`, { mtime, compressionLevel: 1 });
  zip.end();
  await pipeline(zip.outputStream, response);
}
