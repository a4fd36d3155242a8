import { constant } from "postgraphile/grafast";
import { extendSchema } from "postgraphile/utils";
import { z } from "zod";
import { taskTypes } from "../src/tasks/registry.ts";
import type { TaskType } from "../src/tasks/task-type.ts";

/** Says what tasks can be: for an editor, and for whoever looks something up. */
export const TaskTypesPlugin = extendSchema(() => ({
  typeDefs: /* GraphQL */ `
    extend type Query {
      "What a task of a flow can be."
      taskTypes: [TaskType!]!
    }

    "What a task of a flow can be."
    type TaskType {
      "The name that flows use."
      type: String!
      "What it does, in a few words."
      title: String!
      "What it does, in full."
      description: String!
      "The properties that it takes, as a JSON Schema."
      properties: JSON!
      "The outputs that it gives, as a JSON Schema."
      outputs: JSON!
      "How it is used."
      examples: [TaskTypeExample!]!
    }

    "How a task type is used."
    type TaskTypeExample {
      "What for."
      title: String!
      "The properties of one task, without its id and type."
      yaml: String!
    }
  `,
  objects: {
    Query: { plans: { taskTypes: () => constant(described, false) } },
  },
}));

/** They do not change while the program runs. */
const described = [...taskTypes.values()].map(describe);

function describe({ type, title, description, properties, outputs, examples }: TaskType) {
  return {
    type,
    title,
    description,
    properties: jsonSchema(properties),
    outputs: jsonSchema(outputs),
    examples,
  };
}

function jsonSchema(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
}
