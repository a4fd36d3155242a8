import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a Postgres that can be cut and mended. */
export interface Link extends AsyncDisposable {
  /** Leads to the database through the link. */
  readonly connectionString: string;
  /** Breaks every connection, and takes no new ones. */
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** Opens a link to a database. */
export async function aLink(target: string): Promise<Link> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const there = connect(Number(port), hostname);
    for (const [one, other] of [
      [socket, there],
      [there, socket],
    ] as const) {
      sockets.add(one);
      one.on("error", () => undefined);
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  const listenAt = async (own: number) => {
    server.listen(own, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  const own = await listenAt(0);
  const cut = async () => {
    const closed = server.listening ? once(server, "close") : undefined;
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const url = new URL(target);
  url.hostname = "127.0.0.1";
  url.port = String(own);
  return {
    connectionString: url.href,
    cut,
    mend: async () => void (await listenAt(own)),
    [Symbol.asyncDispose]: cut,
  };
}
