import type { PgSelectSingleStep } from "postgraphile/@dataplan/pg";
import { access, lambda, list } from "postgraphile/grafast";
import { extendSchema, pgSmartTags } from "postgraphile/utils";
import { judgeReplay } from "../src/worker/judge-replay.ts";
import { fromContext } from "./context.ts";
import { resourceNamed } from "./resource-named.ts";

const mayBeEmpty: Readonly<Record<string, readonly string[]>> = {
  replay_plan: ["inputs"],
  replay_plan_task: [
    ...["iteration_path", "because_of", "explanation", "state", "task_key", "task_run_id", "attempt_id"],
    ...[
      "attempt_number",
      "execution_id",
      "duration_ms",
      "changed_keys",
      "is_overridden",
      "iteration",
      "around",
    ],
  ],
  replay_problem: ["task_id"],
};

/** Keys of rows, and what is served in a better form. */
const hidden: readonly (readonly [type: string, column: string])[] = [
  ["replay_plan", "anchors"],
  ["replay_plan_task", "task_key"],
  ["replay_plan_task", "attempt_id"],
];

/** What Postgres does not know of the composite types of a plan. */
export const ReplayPlanTypesPlugin = pgSmartTags(
  [
    ...Object.entries(mayBeEmpty).map(([type, nullable]) => ({
      kind: "attribute" as const,
      match: (column: Column) => isOf(column, type) && !nullable.includes(column.attname),
      tags: { notNull: true as const },
    })),
    ...hidden.map(([type, name]) => ({
      kind: "attribute" as const,
      match: (column: Column) => isOf(column, type) && column.attname === name,
      tags: { behavior: "-attribute:select" },
    })),
  ],
  null,
  {
    name: "ReplayPlanTypesPlugin",
    description: "Tells of a plan's types what Postgres does not know of them.",
  },
);

/** Leads from a plan to what it speaks of. */
export const ReplayPlanPlugin = extendSchema((build) => {
  const taskRuns = resourceNamed(build, "task_runs");
  const executions = resourceNamed(build, "executions");
  return {
    typeDefs: /* GraphQL */ `
      extend type ReplayPlanTask {
        "Its task run in the original."
        taskRun: TaskRun
      }

      extend type ReplayPlan {
        "The original."
        execution: Execution
      }
    `,
    objects: {
      ReplayPlanTask: {
        plans: {
          taskRun($task: PgSelectSingleStep) {
            // Fetched by itself: a join would let Postgres change the order of the plan's tasks.
            const $id = lambda($task.get("task_run_id"), (id) => id);
            return taskRuns.get({ id: $id });
          },
        },
      },
      ReplayPlan: {
        plans: {
          execution: ($plan: PgSelectSingleStep) => executions.get({ id: $plan.get("execution_id") }),
        },
      },
    },
  };
});

/** Has a plan made as a process makes it that can render templates and has the key of secrets: SQL is told what it has found. */
export const JudgedPlanPlugin: GraphileConfig.Plugin = {
  name: "JudgedPlanPlugin",
  version: "0.0.0",
  description: "Judges what only templates tell of a replay before it is planned.",
  schema: {
    hooks: {
      GraphQLObjectType_fields_field(field, build, { Self, scope }) {
        if (Self.name !== "Query" || scope.fieldName !== "replayPlan") return field;
        const { judgement: _, ...args } = field.args ?? {};
        const plans = resourceNamed(build, "replay_plan");
        return {
          ...field,
          args,
          plan(_$root, given) {
            const names = [
              "executionId",
              "anchors",
              "revision",
              "mode",
              "inputs",
              "overrides",
              "breakpoints",
            ] as const;
            const $given = list(names.map((name) => given.getRaw(name)));
            const $judged = lambda(
              [$given, fromContext("db"), fromContext("secretBox")] as const,
              async ([
                [execution_id, anchors, revision, mode, inputs, overrides, breakpoints],
                db,
                secretBox,
              ]) => {
                const asked = { execution_id: execution_id as string, revision: revision as string, inputs };
                const judged = await judgeReplay(db, asked, secretBox);
                return [
                  ...[execution_id, anchors ?? ["start"], revision, mode],
                  ...[judged.inputs, overrides, breakpoints, judged.judgement],
                ];
              },
            );
            return plans.execute(
              (plans.parameters ?? []).map(({ name, codec }, index) => ({
                step: access($judged, index),
                pgCodec: codec,
                ...(name !== null && { name }),
              })),
            );
          },
        };
      },
    },
  },
};

interface Column {
  attname: string;
  getClass(): { relname: string; getNamespace(): { nspname: string } | undefined } | undefined;
}

function isOf(column: Column, type: string): boolean {
  const owner = column.getClass();
  return owner?.relname === type && owner.getNamespace()?.nspname === "reprise";
}
