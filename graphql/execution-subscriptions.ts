import { listOfCodec, TYPES } from "postgraphile/@dataplan/pg";
import { sql } from "postgraphile/@dataplan/pg/pg-sql2";
import { get, lambda, listen, type Step } from "postgraphile/grafast";
import { extendSchema } from "postgraphile/utils";
import { fromContext } from "./context.ts";
import { type ExecutionsChanged, everyExecution } from "./execution-feed.ts";
import { followExecutions } from "./follow-execution.ts";
import { resourceNamed } from "./resource-named.ts";

type Event = Step<ExecutionsChanged>;

/** Tells of executions that change. Events carry ids; what is asked for is read anew each time. */
export const ExecutionSubscriptionsPlugin = extendSchema((build) => {
  const executions = resourceNamed(build, "executions");
  return {
    typeDefs,
    objects: {
      Subscription: {
        plans: {
          executionChanged: {
            subscribePlan(_$root, args) {
              const $follower = lambda(
                [fromContext("executionFeed"), fromContext("db")],
                ([feed, db]) => feed && followExecutions(feed, db),
              );
              return listen($follower, args.getRaw("id"), ($event) => $event);
            },
            plan: ($event: Event) => $event,
          },
          executionsChanged: {
            subscribePlan: () => listen(fromContext("executionFeed"), everyExecution, ($event) => $event),
            plan: ($event: Event) => $event,
          },
        },
      },
      ExecutionChange: {
        plans: {
          execution: ($event: Event) => executions.get({ id: lambda($event, ({ ids }) => ids[0]) }),
        },
      },
      ExecutionsChange: {
        plans: {
          executions($event: Event) {
            const $found = executions.find();
            const ids = $found.placeholder(get($event, "ids"), listOfCodec(TYPES.uuid));
            $found.where(sql`${$found.alias}.id = any (${ids})`);
            $found.orderBy({ attribute: "id", direction: "DESC" });
            return $found;
          },
        },
      },
    },
  };
});

const typeDefs = /* GraphQL */ `
  extend type Subscription {
    "Tells how an execution is now, and then whenever it, its task runs or its attempts change, at most ten times a second. Ends when the execution has ended; of one that is RETRIED, when another is in its place."
    executionChanged("The execution." id: UUID!): ExecutionChange
    "Tells which executions change, all of them, at most ten times a second."
    executionsChanged: ExecutionsChange
  }

  "An execution that changed."
  type ExecutionChange {
    "The execution as it is now; empty when it was purged meanwhile."
    execution: Execution
  }

  "Executions that changed."
  type ExecutionsChange {
    "Their ids."
    ids: [UUID!]!
    "False when more changed than are named here: read again what you show."
    isComplete: Boolean!
    "They as they are now, the youngest first; purged ones are left out."
    executions: [Execution!]!
  }
`;
