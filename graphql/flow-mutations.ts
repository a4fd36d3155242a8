import { get, type Step } from "postgraphile/grafast";
import { extendSchema } from "postgraphile/utils";
import { callOne } from "../src/db/call.ts";
import { doStep } from "./call-step.ts";
import { resourceNamed } from "./resource-named.ts";

interface FlowInput {
  namespace: string;
  flowId: string;
}

type FlowStep = Step<{ namespace: string; id: string }>;

/** Disables, enables and deletes flows. */
export const FlowMutationsPlugin = extendSchema((build) => {
  const flows = resourceNamed(build, "flows");
  const payload = {
    plans: {
      flow: ($flow: FlowStep) => flows.get({ namespace: get($flow, "namespace"), id: get($flow, "id") }),
    },
  };
  return {
    typeDefs,
    objects: {
      EnableFlowPayload: payload,
      DisableFlowPayload: payload,
      DeleteFlowPayload: {
        plans: {
          namespace: ($flow: FlowStep) => get($flow, "namespace"),
          flowId: ($flow: FlowStep) => get($flow, "id"),
        },
      },
      Mutation: {
        plans: {
          enableFlow: (_$root, args) =>
            doStep(args, ({ namespace, flowId }: FlowInput, { db }) =>
              callOne(db, "reprise_api.enable_flow", { namespace, flow_id: flowId }),
            ),
          disableFlow: (_$root, args) =>
            doStep(args, ({ namespace, flowId }: FlowInput, { db }) =>
              callOne(db, "reprise_api.disable_flow", { namespace, flow_id: flowId }),
            ),
          deleteFlow: (_$root, args) =>
            doStep(args, ({ namespace, flowId }: FlowInput, { db }) =>
              callOne(db, "reprise_api.delete_flow", { namespace, flow_id: flowId }),
            ),
        },
      },
    },
  };
});

const typeDefs = /* GraphQL */ `
  extend type Mutation {
    "Lets a disabled flow start executions again."
    enableFlow("Which flow." input: EnableFlowInput!): EnableFlowPayload
    "Stops a flow from starting new executions. Running ones go on."
    disableFlow("Which flow." input: DisableFlowInput!): DisableFlowPayload
    "Deletes a flow: it starts nothing any more. Its revisions and executions stay readable; saving it again goes on with the next revision."
    deleteFlow("Which flow." input: DeleteFlowInput!): DeleteFlowPayload
  }

  "Which flow to enable."
  input EnableFlowInput {
    "Its namespace."
    namespace: String!
    "Its id."
    flowId: String!
  }

  "Which flow to disable."
  input DisableFlowInput {
    "Its namespace."
    namespace: String!
    "Its id."
    flowId: String!
  }

  "Which flow to delete."
  input DeleteFlowInput {
    "Its namespace."
    namespace: String!
    "Its id."
    flowId: String!
  }

  "What was enabled."
  type EnableFlowPayload {
    "The flow."
    flow: Flow
  }

  "What was disabled."
  type DisableFlowPayload {
    "The flow."
    flow: Flow
  }

  "What was deleted."
  type DeleteFlowPayload {
    "Its namespace."
    namespace: String!
    "Its id."
    flowId: String!
  }
`;
