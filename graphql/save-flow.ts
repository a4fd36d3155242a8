import type { Pool } from "pg";
import { get, lambda, type Step } from "postgraphile/grafast";
import { extendSchema } from "postgraphile/utils";
import { callOne } from "../src/db/call.ts";
import { byPlace, type Issue } from "../src/flow/issue.ts";
import { readFlow } from "../src/flow/read-flow.ts";
import { taskTypes } from "../src/tasks/registry.ts";
import { checkSubflows } from "../src/worker/check-subflows.ts";
import { type Caller, doStep } from "./call-step.ts";
import { fromContext } from "./context.ts";
import { resourceNamed } from "./resource-named.ts";

interface SaveInput {
  source: string;
  message?: string;
  expectedRevision?: number;
}

interface Saved {
  namespace: string | null;
  id: string | null;
  revision: number | null;
  isValid: boolean;
  issues: Issue[];
}

type ReadStep = Step<Saved>;

/** Reads the text of a flow, says what is wrong with it, and saves it. */
export const SaveFlowPlugin = extendSchema((build) => {
  const flows = resourceNamed(build, "flows");
  const revisions = resourceNamed(build, "flow_revisions");
  return {
    typeDefs,
    objects: {
      Query: {
        plans: {
          validateFlow: (_$root, args) =>
            lambda([args.getRaw("source"), fromContext("db")], ([source, db]) =>
              readSource(String(source), db),
            ),
        },
      },
      Mutation: { plans: { saveFlow: (_$root, args) => doStep(args, saveFlow) } },
      SaveFlowPayload: {
        plans: {
          flow: ($saved: ReadStep) =>
            flows.get({ namespace: get($saved, "namespace"), id: get($saved, "id") }),
          revision: ($saved: ReadStep) =>
            revisions.get({
              namespace: get($saved, "namespace"),
              flow_id: get($saved, "id"),
              revision: get($saved, "revision"),
            }),
        },
      },
    },
  };
});

async function readSource(source: string, db: Pool): Promise<Saved> {
  const { flow, issues } = readFlow(source, taskTypes);
  return {
    namespace: flow?.namespace ?? null,
    id: flow?.id ?? null,
    revision: null,
    isValid: flow !== undefined,
    issues: await withSubflows(issues, source, db),
  };
}

async function saveFlow(
  { source, message, expectedRevision }: SaveInput,
  { db, actor }: Caller,
): Promise<Saved> {
  const { flow, issues } = readFlow(source, taskTypes);
  if (flow === undefined) {
    const all = await withSubflows(issues, source, db);
    return { namespace: null, id: null, revision: null, isValid: false, issues: all };
  }
  const { revision } = await callOne(db, "reprise_api.save_revision", {
    namespace: flow.namespace,
    flow_id: flow.id,
    source,
    is_disabled: flow.isDisabled,
    definition: flow.definition,
    tasks: flow.tasks,
    message,
    actor,
    expected_revision: expectedRevision,
  });
  const all = await withSubflows(issues, source, db);
  return { namespace: flow.namespace, id: flow.id, revision, isValid: true, issues: all };
}

async function withSubflows(issues: Issue[], source: string, db: Pool): Promise<Issue[]> {
  return [...issues, ...(await checkSubflows(db, source))].toSorted(byPlace);
}

const typeDefs = /* GraphQL */ `
  extend type Query {
    "Reads the text of a flow and says everything that is wrong with it, without saving it."
    validateFlow("The YAML text." source: String!): FlowValidation
  }

  extend type Mutation {
    "Saves the text of a flow as its next revision; the same text again changes nothing. A text with errors is not saved."
    saveFlow("What to save." input: SaveFlowInput!): SaveFlowPayload
  }

  "What to save."
  input SaveFlowInput {
    "The YAML text."
    source: String!
    "What changed, for whoever looks at it later."
    message: String
    "Refuses (RP409) when the flow is not at this revision any more; 0 for a flow that must be new."
    expectedRevision: Int
  }

  "What was saved."
  type SaveFlowPayload {
    "The flow; empty when the text has errors."
    flow: Flow
    "The revision, new or as it was; empty when the text has errors."
    revision: FlowRevision
    "Whether the text has no errors."
    isValid: Boolean!
    "What is wrong with the text, and what to look out for, in the order of the text."
    issues: [FlowIssue!]!
  }

  "What a text of a flow is found to be."
  type FlowValidation {
    "Whether it has no errors."
    isValid: Boolean!
    "The namespace; empty when the text has errors."
    namespace: String
    "The id of the flow; empty when the text has errors."
    id: String
    "What is wrong with it, and what to look out for, in the order of the text."
    issues: [FlowIssue!]!
  }

  "Something that a person should change, or know about, in the text of a flow."
  type FlowIssue {
    "ERROR: the text cannot be saved. WARNING: it can."
    severity: FlowIssueSeverity!
    "A stable word for it."
    reason: String!
    "What is wrong, in a sentence."
    message: String!
    "What to do about it."
    hint: String
    "The line, from 1."
    line: Int!
    "The column, from 1."
    column: Int!
    "The keys and positions that lead to it."
    path: JSON!
  }

  "How bad an issue is."
  enum FlowIssueSeverity {
    "The text cannot be saved."
    ERROR
    "The text can be saved."
    WARNING
  }
`;
