import { PgSimplifyInflectionPreset } from "@graphile/simplify-inflection";
import type { Pool } from "pg";
import type {} from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import type { GrafastSubscriber } from "postgraphile/grafast";
import type {} from "postgraphile/grafserv";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import type { Logger } from "../src/base/log.ts";
import type { SecretBox } from "../src/base/secret-box.ts";
import { AttemptsPlugin } from "./attempts.ts";
import { DocumentationPlugin } from "./documentation.ts";
import { maskError } from "./errors.ts";
import { ExecutionConditionPlugin } from "./execution-condition.ts";
import type { ExecutionTopics } from "./execution-feed.ts";
import { ExecutionMutationsPlugin } from "./execution-mutations.ts";
import { ExecutionSubscriptionsPlugin } from "./execution-subscriptions.ts";
import { FlowConditionPlugin } from "./flow-condition.ts";
import { FlowMutationsPlugin } from "./flow-mutations.ts";
import { GrantsPlugin } from "./grants.ts";
import { HttpStreamsPlugin } from "./http-streams.ts";
import { JsonPlugin } from "./json.ts";
import { LimitsPlugin } from "./limits.ts";
import { LineagePlugin } from "./lineage.ts";
import { ListsPlugin } from "./lists.ts";
import { LogConditionPlugin } from "./log-condition.ts";
import { MetricConditionPlugin } from "./metric-condition.ts";
import { NamesPlugin } from "./names.ts";
import { OrdersPlugin } from "./orders.ts";
import { PageSizePlugin } from "./page-size.ts";
import { PurgePlugin } from "./purge.ts";
import { JudgedPlanPlugin, ReplayPlanPlugin, ReplayPlanTypesPlugin } from "./replay-plan.ts";
import { requestErrorsPlugin } from "./request-errors.ts";
import { RevisionPlugin } from "./revision.ts";
import { SaveFlowPlugin } from "./save-flow.ts";
import { SteeringMutationsPlugin } from "./steering-mutations.ts";
import { TaskRunConditionPlugin } from "./task-run-condition.ts";
import { TaskTypesPlugin } from "./task-types.ts";
import { ViewsPlugin } from "./views.ts";

/** What the API works with. */
export interface ApiOptions {
  /** Connections that have taken the narrow role: what it may not see does not exist. */
  db: Pool;
  /** Without one there are no subscriptions. */
  executionFeed: GrafastSubscriber<ExecutionTopics> | null;
  /** Encrypts what is given for secret inputs. */
  secretBox: SecretBox;
  log: Logger;
  /** Whether GraphiQL is served at /graphiql. */
  hasGraphiql: boolean;
}

/** Where it is served. */
export const apiPath = "/graphql";

/** A flow's text may have 2 MB; JSON in plain ASCII makes six bytes of each letter that has two. */
export const longestRequest = 8_000_000;

/** The GraphQL API: what the narrow role may see, with a few plugins. */
export function apiPreset({
  db,
  executionFeed,
  secretBox,
  log,
  hasGraphiql,
}: ApiOptions): GraphileConfig.Preset {
  return {
    extends: [PostGraphileAmberPreset, PgSimplifyInflectionPreset],
    plugins: [
      ...[NamesPlugin, ViewsPlugin, OrdersPlugin, PageSizePlugin, DocumentationPlugin, LimitsPlugin],
      JsonPlugin,
      ...[HttpStreamsPlugin, requestErrorsPlugin(log)],
      ...[ExecutionConditionPlugin, TaskRunConditionPlugin, LogConditionPlugin, FlowConditionPlugin],
      MetricConditionPlugin,
      ...[ListsPlugin, LineagePlugin, AttemptsPlugin, RevisionPlugin],
      ...[ReplayPlanTypesPlugin, ReplayPlanPlugin, JudgedPlanPlugin],
      ...[
        ExecutionMutationsPlugin,
        SteeringMutationsPlugin,
        PurgePlugin,
        FlowMutationsPlugin,
        SaveFlowPlugin,
        ExecutionSubscriptionsPlugin,
        TaskTypesPlugin,
        GrantsPlugin,
      ],
    ],
    disablePlugins: [
      ...["NodePlugin", "QueryQueryPlugin", "MutationPayloadQueryPlugin"],
      // Orders and conditions are given one by one.
      ...["PgOrderAllAttributesPlugin", "PgOrderByPrimaryKeyPlugin", "PgOrderCustomFieldsPlugin"],
      // A schema that cannot be built as meant is not served.
      "SwallowErrorsPlugin",
    ],
    pgServices: [makePgService({ pool: db, schemas: ["reprise_api"], pubsub: false })],
    gather: { pgStrictFunctions: true },
    schema: {
      defaultBehavior: "-insert -update -delete -mutationField -list -condition:attribute:filterBy",
      pgForbidSetofFunctionsToReturnNull: true,
      sortExport: true,
    },
    grafast: {
      context: () => ({ db, executionFeed, secretBox, actor: undefined }),
      // Longer than a statement may wait for a connection and take, so that what was ended was undone, too.
      timeouts: { planning: 2_000, execution: 45_000 },
      explain: false,
    },
    grafserv: {
      graphqlPath: apiPath,
      graphiqlPath: "/graphiql",
      graphiql: hasGraphiql,
      graphiqlOnGraphQLGET: false,
      graphqlOverGET: false,
      allowedRequestContentTypes: ["application/json"],
      maxRequestLength: longestRequest,
      maskError: (error) => maskError(error, log),
    },
  };
}
