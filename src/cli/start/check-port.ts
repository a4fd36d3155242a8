import { createServer } from "node:net";
import { RepriseError } from "../../base/errors.ts";

/** Refuses a port that somebody listens on, before anything is started that would have to be stopped again. */
export async function checkPort(host: string, port: number): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    server.once("error", resolve);
    server.listen(port, host, () => resolve(undefined));
  });
  if (error !== undefined) throw portRefused(host, port, error);
  await new Promise((resolve) => server.close(resolve));
}

/** Says why a port cannot be had. */
export function portRefused(host: string, port: number, error: NodeJS.ErrnoException): RepriseError {
  if (error.code === "EADDRINUSE") {
    return new RepriseError("RP409", "port_taken", `Port ${port} of ${host} is taken.`, {
      hint: `If Reprise runs there already, use it. Otherwise choose another port: npm start -- --port ${port + 1}`,
      cause: error,
    });
  }
  return new RepriseError(
    "RP409",
    "port_refused",
    `Port ${port} of ${host} cannot be used: ${error.message}.`,
    {
      hint: "Choose another port: npm start -- --port 4001",
      cause: error,
    },
  );
}
