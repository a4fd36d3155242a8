import { writeJson } from "../base/json.ts";
import type { SecretBox } from "../base/secret-box.ts";
import type { Database } from "../db/call.ts";
import type { CompiledOutput } from "../flow/compiled-flow.ts";
import type { Storage } from "../storage/storage.ts";
import type { Begun } from "./begun.ts";
import { renderOutputs } from "./render-outputs.ts";
import type { SystemStep } from "./run-attempt.ts";

/** Renders what an iteration of a Loop gives; where it is to be stored, as a file, and gives the URI of that. */
export function loopOutputsStep(db: Database, storage: Storage, secretBox: SecretBox): SystemStep {
  return async (task, context, begun, log, secrets) => {
    const { outputs, fetchType = "AUTO" } = task.definition as {
      outputs: CompiledOutput[];
      fetchType?: "AUTO" | "FETCH" | "STORE";
    };
    const rendered = await renderOutputs(db, outputs, context, log, secretBox);
    if (fetchType === "FETCH" || (fetchType === "AUTO" && !goesThroughFile(begun)))
      return { outputs: rendered };

    const { namespace, flow_id: flowId, id: taskId } = task;
    const place = {
      ...{ namespace, flowId, taskId, name: "outputs.ion" },
      ...{ executionId: begun.execution_id, taskRunId: begun.task_run_id, attemptId: begun.attempt_id },
    };
    const { uri } = await storage.put(place, aLine(secrets.seal(rendered)));
    secrets.publish(uri);
    return { outputs: { uri } };
  };
}

async function* aLine(value: unknown): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${writeJson(value)}\n`);
}

/** A Loop shows the file that it goes through. */
function goesThroughFile({ ancestors }: Begun): boolean {
  const [loop] = (ancestors ?? []) as unknown as [value: unknown, outputs: { uri?: string } | null][];
  return loop?.[1]?.uri !== undefined;
}
