import type {} from "postgraphile";
import type {} from "postgraphile/grafserv";
import {
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
} from "postgraphile/graphql";

/** Far more than a page of the console needs, far less than what hurts. */
const limits = { depth: 16, rootFields: 20, aliases: 100, fields: 2_000, selections: 10_000 };

/** Refuses queries that are deeper or wider than anybody writes by hand. Introspection is free. */
export const LimitsPlugin: GraphileConfig.Plugin = {
  name: "LimitsPlugin",
  version: "0.0.0",
  description: "Refuses queries that are too deep or too wide.",
  grafserv: {
    middleware: {
      setPreset(next, event) {
        event.validationRules.push(LimitsRule);
        return next();
      },
    },
  },
};

/** A validation rule that counts depth, root fields, aliases and fields, fragments followed. */
export function LimitsRule(context: ValidationContext) {
  return {
    Document(document: DocumentNode) {
      for (const definition of document.definitions) {
        if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
        const problem = findProblem(context, definition);
        if (problem !== undefined) context.reportError(refusal(problem, definition));
      }
      return false;
    },
  };
}

/** What was counted so far. */
interface Seen {
  fields: number;
  aliases: number;
  /** Spreads count by themselves: fragments that only spread each other grow without a field. */
  selections: number;
}

function findProblem(context: ValidationContext, operation: OperationDefinitionNode): string | undefined {
  const seen: Seen = { fields: 0, aliases: 0, selections: 0 };
  const visit = (set: SelectionSetNode, depth: number): string | undefined => {
    let siblings = 0;
    for (const field of fieldsOf(context, set, seen)) {
      if (field.name.value.startsWith("__")) continue;
      seen.fields += 1;
      siblings += 1;
      if (field.alias !== undefined) seen.aliases += 1;
      const problem = countProblem(seen, depth, siblings);
      if (problem !== undefined) return problem;
      const below = field.selectionSet && visit(field.selectionSet, depth + 1);
      if (below !== undefined) return below;
    }
    return seen.selections > limits.selections ? "Its fragments spread too often." : undefined;
  };
  return visit(operation.selectionSet, 1);
}

function countProblem({ fields, aliases }: Seen, depth: number, siblings: number): string | undefined {
  if (depth > limits.depth) return `It is deeper than ${limits.depth} levels.`;
  if (depth === 1 && siblings > limits.rootFields)
    return `It has more than ${limits.rootFields} fields at its root.`;
  if (aliases > limits.aliases) return `It has more than ${limits.aliases} aliases.`;
  if (fields > limits.fields) return `It has more than ${limits.fields} fields.`;
  return undefined;
}

/** The fields of a selection, with those of its fragments. A fragment inside itself is another rule's matter. */
function* fieldsOf(
  context: ValidationContext,
  { selections }: SelectionSetNode,
  seen: Seen,
  inside: readonly FragmentDefinitionNode[] = [],
): Generator<FieldNode> {
  for (const selection of selections) {
    seen.selections += 1;
    if (seen.selections > limits.selections) return;
    if (selection.kind === Kind.FIELD) yield selection;
    else if (selection.kind === Kind.INLINE_FRAGMENT)
      yield* fieldsOf(context, selection.selectionSet, seen, inside);
    else {
      const fragment = context.getFragment(selection.name.value);
      if (fragment && !inside.includes(fragment)) {
        yield* fieldsOf(context, fragment.selectionSet, seen, [...inside, fragment]);
      }
    }
  }
}

function refusal(problem: string, node: ASTNode): GraphQLError {
  return new GraphQLError(`The query is too large. ${problem}`, {
    nodes: [node],
    extensions: { code: "RP400", reason: "query_too_large", hint: "Ask in several requests." },
  });
}
