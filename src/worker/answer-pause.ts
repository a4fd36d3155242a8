import { RepriseError } from "../base/errors.ts";
import { noKey, type SecretBox } from "../base/secret-box.ts";
import { callOne, type Database } from "../db/call.ts";
import { workerRulesOf } from "./given-inputs.ts";
import { type Answering, type Asked, answer } from "./resume-execution.ts";
import { type Secrets, watchSecrets } from "./secrets.ts";

/** Renders what a Pause asks for, for somebody who has answered it and could not. What is refused stands in the log, and the Pause waits on. */
export async function answerPause(db: Database, task_run_id: string, secretBox: SecretBox): Promise<void> {
  const found = await callOne(db, "reprise_engine.read_answer", { task_run_id });
  if (found === null) return;
  const { read, given, answer: text } = found as unknown as ReadAnswer;
  try {
    const how = { ...answering(db, secretBox, watchSecrets(secretBox)), isSealed: true };
    const { inputs, isSecret } = (await answer(read, given, how)) ?? { inputs: given, isSecret: false };
    if (isSecret && !secretBox.isOpen)
      throw new RepriseError("RP422", "encryption_not_configured", `${noKey}.`);
    await callOne(db, "reprise_engine.take_answer", { task_run_id, inputs, answer: text });
  } catch (error) {
    // Asked again, it would be no other: inputs that are wrong, a value that cannot be stored, a key that is missing or another.
    if (!(error instanceof RepriseError && error.code === "RP422")) throw error;
    const refusal = error.message;
    await callOne(db, "reprise_engine.take_answer", { task_run_id, inputs: null, refusal, answer: text });
  }
}

/** What somebody has answered, as a value and as it is written. */
interface ReadAnswer {
  read: Asked;
  given: Record<string, unknown>;
  answer: string;
}

/** How a worker answers a Pause. */
export function answering(db: Database, secretBox: SecretBox, secrets: Secrets): Answering {
  return {
    ...{ secretBox, secrets },
    rules: workerRulesOf(db, secretBox, secrets),
    readPaused: async (task_run_id) => await callOne(db, "reprise_engine.read_paused", { task_run_id }),
  };
}
