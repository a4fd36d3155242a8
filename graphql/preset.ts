import { PgSimplifyInflectionPreset } from "@graphile/simplify-inflection";
import type { Pool } from "pg";
import type {} from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { ExecutionConditionPlugin } from "./execution-condition.ts";
import { FlowConditionPlugin } from "./flow-condition.ts";
import { LogConditionPlugin } from "./log-condition.ts";
import { NamesPlugin } from "./names.ts";
import { OrdersPlugin } from "./orders.ts";
import { PageSizePlugin } from "./page-size.ts";
import { TaskRunConditionPlugin } from "./task-run-condition.ts";
import { ViewsPlugin } from "./views.ts";

export interface ApiOptions {
  pool: Pool;
}

export function apiPreset(options: ApiOptions): GraphileConfig.Preset {
  return {
    extends: [PostGraphileAmberPreset, PgSimplifyInflectionPreset],
    plugins: [
      NamesPlugin,
      ViewsPlugin,
      OrdersPlugin,
      PageSizePlugin,
      ExecutionConditionPlugin,
      TaskRunConditionPlugin,
      LogConditionPlugin,
      FlowConditionPlugin,
    ],
    disablePlugins: [
      "SwallowErrorsPlugin",
      "NodePlugin",
      "QueryQueryPlugin",
      "PgOrderAllAttributesPlugin",
      "PgOrderByPrimaryKeyPlugin",
      "PgOrderCustomFieldsPlugin",
      "MutationPayloadQueryPlugin",
    ],
    pgServices: [makePgService({ pool: options.pool, schemas: ["reprise_api"], pubsub: false })],
    gather: { pgStrictFunctions: true },
    schema: {
      pgForbidSetofFunctionsToReturnNull: true,
      defaultBehavior: "-insert -update -delete -mutationField -list -condition:attribute:filterBy",
      sortExport: true,
    },
  };
}
