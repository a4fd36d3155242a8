import type { Command } from "commander";
import { z } from "zod";
import { createExecution } from "../../worker/create-execution.ts";
import { act, leaf } from "../command.ts";
import { uploadInputs } from "../input-files.ts";
import { jsonObject, pairs, positive, several, timeOf } from "../option.ts";
import { showCreated } from "../wait/show-created.ts";

const options = z.object({
  input: z.array(z.string()).optional(),
  breakpoint: z.array(z.string()).optional(),
  inputs: z.string().optional(),
  file: z.array(z.string()).optional(),
  label: z.array(z.string()).optional(),
  revision: z.number().optional(),
  idempotencyKey: z.string().min(1, "It must not be empty.").optional(),
  note: z.string().optional(),
  scheduleDate: z.string().optional(),
  wait: z.boolean().default(false),
  follow: z.boolean().default(false),
});

/** `reprise run` */
export function run(): Command {
  return leaf(
    "run",
    "Start an execution of a flow.",
    "reprise run company.team hello --input name=Ada --wait",
    `reprise run company.team order_report --inputs '{"limit": 10}' --follow`,
  )
    .argument("<namespace>")
    .argument("<flow>")
    .option("-i, --input <key=value>", "an input; give it several times for several", several)
    .option("--inputs <json>", "inputs as one JSON object; --input lays over it")
    .option("--file <key=path>", "a file to upload as an input; several times for several", several)
    .option("-l, --label <key=value>", "a label; give it several times for several", several)
    .option("-r, --revision <number>", "that revision instead of the latest", positive)
    .option("--idempotency-key <key>", "the same key gives the same execution")
    .option("--note <text>", "why, kept with the execution")
    .option("--schedule-date <time>", "when to start it, such as 2026-01-31T08:00Z, instead of at once")
    .option(
      "--breakpoint <task>",
      "stop before this task until the execution is resumed; several times for several",
      several,
    )
    .option("-w, --wait", "wait until it has ended; its end decides the exit code")
    .option("-f, --follow", "wait, and print its log as it comes")
    .action(
      act(options, async (session, given, namespace: string, flowId: string) => {
        const db = await session.database();
        const created = await createExecution(
          db,
          {
            namespace,
            flow_id: flowId,
            inputs: {
              ...jsonObject("inputs", given.inputs),
              ...pairs("input", given.input),
              ...(await uploadInputs(db, given.file)),
            },
            labels: pairs("label", given.label),
            revision: given.revision ?? null,
            note: given.note ?? null,
            idempotency_key: given.idempotencyKey ?? null,
            breakpoints: given.breakpoint ?? null,
            schedule_date: timeOf("schedule-date", given.scheduleDate) ?? null,
            actor: session.actor,
          },
          session.secretBox,
        );
        return await showCreated(session, created.id, given);
      }),
    );
}
