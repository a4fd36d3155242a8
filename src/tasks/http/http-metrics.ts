import type { TaskContext } from "../task-type.ts";
import type { HttpResponse } from "./send-request.ts";

/** Records what a request and its answer weighed. */
export function recordHttpMetrics(
  { asked, method, status, headers }: HttpResponse,
  { sent, received }: { sent: number; received: number },
  { metric }: Pick<TaskContext, "metric">,
): void {
  const tags = {
    "request.method": method,
    "request.scheme": asked.protocol.slice(0, -1),
    "request.hostname": asked.hostname,
    "response.code": String(status),
  };
  const count = (name: string, value: number) => metric({ type: "COUNTER", name, value, tags });
  count("response.length", Number(headers["content-length"]?.[0] ?? -1));
  count("request.count", 1);
  count("request.bytes", sent);
  count("response.count", 1);
  count("response.bytes", received);
}
