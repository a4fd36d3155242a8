import type { Server as HttpServer } from "node:http";
import type { Duplex } from "node:stream";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";
import { longestRequest } from "../../graphql/preset.ts";
import type { Logger } from "../base/log.ts";
import type { Api } from "./api.ts";
import { checkOrigin } from "./guard.ts";

/** Each page of the console has one; a program that opens them in a loop is stopped. */
const mostSockets = 1000;

/** Takes the WebSockets of the API, by the protocol graphql-transport-ws. Disposing says to each that the server goes away. */
export function acceptWebSockets(server: HttpServer, api: Api, log: Logger): AsyncDisposable {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: longestRequest });
  const served = useServer(api.webSocketOptions, sockets);
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", (error) => log.debug({ err: error }, "a websocket broke"));
    try {
      checkOrigin(request);
    } catch {
      return refuse(socket, "403 Forbidden");
    }
    if (request.url !== api.path) return refuse(socket, "404 Not Found");
    if (sockets.clients.size >= mostSockets) return refuse(socket, "503 Service Unavailable");
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit("connection", opened, request));
  });
  return {
    async [Symbol.asyncDispose]() {
      // Whoever does not answer the goodbye is cut off.
      const timer = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
      }, 500);
      await served.dispose();
      clearTimeout(timer);
    },
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
}
