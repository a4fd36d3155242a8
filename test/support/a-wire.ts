import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { after } from "node:test";

/** The wire between a worker and its Postgres, for tests that cut it. */
export interface Wire {
  /** The address of the database, over this wire. */
  readonly connectionString: string;
  /** Breaks every connection, and refuses new ones until it is mended. */
  cut(): void;
  /** Lets what is connected now believe that it still is: nothing comes through any more, in neither direction. New ones work. */
  hush(): void;
  mend(): void;
}

const closers: (() => void)[] = [];
after(() => {
  for (const close of closers) close();
});

/** Opens a wire to a database. */
export async function aWire(database: string): Promise<Wire> {
  const target = new URL(database);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(Number(target.port), target.hostname);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const destroy = () => {
    for (const socket of sockets) socket.destroy();
  };
  closers.push(() => {
    server.close();
    destroy();
  });

  return {
    connectionString: Object.assign(new URL(database), {
      port: String((server.address() as AddressInfo).port),
    }).href,
    cut() {
      isCut = true;
      destroy();
    },
    hush() {
      for (const socket of sockets) socket.unpipe().pause();
    },
    mend() {
      isCut = false;
    },
  };
}
