import type { Command } from "commander";
import { z } from "zod";
import { planReplay, replayExecution } from "../../worker/judge-replay.ts";
import { act, leaf } from "../command.ts";
import { exitCodes } from "../exit-code.ts";
import { usageError } from "../failure.ts";
import { uploadInputs } from "../input-files.ts";
import { jsonObject, pairs, several } from "../option.ts";
import { planDocument, planText } from "../present/plan-text.ts";
import { findExecutionId } from "../read/find-execution.ts";
import { showCreated } from "../wait/show-created.ts";

const options = z.object({
  from: z.array(z.string()).default(["start"]),
  value: z.array(z.string()).optional(),
  revision: z
    .string()
    .regex(/^(original|latest|\d{1,9})$/, "It must be original, latest, or a number.")
    .default("original"),
  input: z.array(z.string()).optional(),
  breakpoint: z.array(z.string()).optional(),
  inputs: z.string().optional(),
  file: z.array(z.string()).optional(),
  override: z.array(z.string()).optional(),
  note: z.string().optional(),
  idempotencyKey: z.string().min(1, "It must not be empty.").optional(),
  planHash: z.string().optional(),
  plan: z.boolean().default(false),
  wait: z.boolean().default(false),
  follow: z.boolean().default(false),
});

/** `reprise replay` */
export function replay(): Command {
  return leaf(
    "replay",
    "Run an execution again from any of its task runs, as a new execution. The original stays as it is.",
    "reprise replay EXECUTION --from failed --revision latest --plan",
    "reprise replay EXECUTION --from task:convert --input limit=10 --wait",
    `reprise replay EXECUTION --from task:report --override 'shape={"count": 3}'`,
  )
    .argument("<execution>", "its id, or the beginning of it")
    .option(
      "--from <anchor>",
      "task:ID, a task run's id, failed, start (the default) or auto; several times for several",
      several,
    )
    .option("--value <value>", "in a loop: the value of the iteration, outermost loop first", several)
    .option("-r, --revision <revision>", "original (the default), latest, or a number")
    .option("-i, --input <key=value>", "change an input; several times for several", several)
    .option("--inputs <json>", "change inputs by one JSON object")
    .option("--file <key=path>", "a file to upload as an input; several times for several", several)
    .option(
      "--override <task=json>",
      'the outputs that a carried task shall have instead; TASK["VALUE"] is one iteration of it',
      several,
    )
    .option("--note <text>", "why, kept with the replay")
    .option("--idempotency-key <key>", "the same key gives the same replay")
    .option("--plan", "show what would happen, and do nothing")
    .option("--plan-hash <hash>", "refuse when the plan is not that one any more")
    .option(
      "--breakpoint <task>",
      "stop before this task until the replay is resumed; several times for several",
      several,
    )
    .option("-w, --wait", "wait until it has ended; its end decides the exit code")
    .option("-f, --follow", "wait, and print its log as it comes")
    .action(
      act(options, async (session, given, prefix: string) => {
        const db = await session.database();
        const inputs = {
          ...jsonObject("inputs", given.inputs),
          ...pairs("input", given.input),
          ...(await uploadInputs(db, given.file)),
        };
        const execution_id = await findExecutionId(db, prefix);
        const isChanged = [given.inputs, given.input, given.file].some((each) => each !== undefined);
        const what = {
          execution_id,
          anchors: anchorsOf(given.from, given.value),
          revision: given.revision,
          inputs: isChanged ? inputs : null,
          overrides: overridesOf(given.override),
          breakpoints: given.breakpoint ?? null,
        };
        if (given.plan) {
          const plan = await planReplay(db, what, session.secretBox);
          session.print(planDocument(plan), () => planText(plan));
          return plan.is_runnable ? exitCodes.ok : exitCodes.failed;
        }
        const asked = {
          ...what,
          note: given.note ?? null,
          plan_hash: given.planHash ?? null,
          idempotency_key: given.idempotencyKey ?? null,
          actor: session.actor,
        };
        const created = await replayExecution(db, asked, session.secretBox);
        return await showCreated(session, created.id, given);
      }),
    );
}

/** `--from task:ID --value a --value b` is the task in that iteration. */
function anchorsOf(from: readonly string[], values: readonly string[] | undefined): string[] {
  if (values === undefined) return [...from];
  const [only, ...others] = from;
  if (only === undefined || others.length > 0 || !/^task:[^[\]]+$/.test(only)) {
    throw usageError(
      "--value goes with exactly one --from task:ID.",
      `Or name each iteration: --from 'task:ID["VALUE"]'.`,
    );
  }
  return [`${only}${JSON.stringify(values)}`];
}

/** `TASK={…}`, or `TASK["VALUE", …]={…}` for one iteration, whose values may hold an equals sign. */
function overridesOf(given: readonly string[] | undefined): Record<string, unknown> | null {
  if (given === undefined) return null;
  const entries = given.map((text): [string, unknown] => {
    const [, task, outputs] = /^([^=[]+(?:\[(?:"(?:[^"\\]|\\.)*"|[^\]"])*\])?)=(\s*\{.*)$/s.exec(text) ?? [];
    if (task === undefined) {
      throw usageError(
        `--override \`${text}\` is not TASK={…}.`,
        `Give all the outputs of the task as one JSON object: 'shape={"count": 3}', or 'shape["VALUE"]={"count": 3}' for one iteration.`,
      );
    }
    return [task, jsonObject("override", outputs)];
  });
  return Object.fromEntries(entries);
}
