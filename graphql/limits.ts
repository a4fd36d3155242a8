import type {} from "postgraphile";
import type {} from "postgraphile/grafserv";
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  getNamedType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
} from "postgraphile/graphql";
import { usualPageSize } from "./page-size.ts";

/** Far more than a page of the console needs, far less than what hurts. */
const limits = {
  depth: 16,
  rootFields: 20,
  aliases: 100,
  fields: 2_000,
  selections: 10_000,
  /** Fragments inside fragments, whether they hold fields or not. */
  fragments: 100,
  /** What a list can give, times what each list in it can. */
  entries: 100_000_000,
};

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

/** A validation rule that counts depth, root fields, aliases, fields and entries, fragments followed. */
export function LimitsRule(context: ValidationContext) {
  return {
    Document(document: DocumentNode) {
      for (const definition of document.definitions) {
        if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
        const problem = findProblem(context, definition);
        if (problem !== undefined) context.reportError(tooLarge(problem, definition));
      }
      return false;
    },
  };
}

/** The refusal of a query, with the sentence that says why. */
export function tooLarge(problem: string, node?: OperationDefinitionNode): GraphQLError {
  return new GraphQLError(`The query is too large. ${problem}`, {
    ...(node && { nodes: [node] }),
    extensions: { code: "RP400", reason: "query_too_large", hint: "Ask in several requests." },
  });
}

/** What was counted so far. */
interface Seen {
  fields: number;
  aliases: number;
  /** Spreads count by themselves: fragments that only spread each other grow without a field. */
  selections: number;
  isTooNested: boolean;
}

/** Where a selection stands. */
interface Place {
  depth: number;
  /** Its type; undefined when there is no such field, which is another rule's matter. */
  type: unknown;
  /** How often it may be answered. */
  entries: number;
}

function findProblem(context: ValidationContext, operation: OperationDefinitionNode): string | undefined {
  const seen: Seen = { fields: 0, aliases: 0, selections: 0, isTooNested: false };
  const visit = (set: SelectionSetNode, place: Place): string | undefined => {
    let siblings = 0;
    for (const node of fieldsOf(context, set, seen)) {
      if (node.name.value.startsWith("__")) continue;
      seen.fields += 1;
      siblings += 1;
      if (node.alias !== undefined) seen.aliases += 1;
      const field = isObjectType(place.type) ? place.type.getFields()[node.name.value] : undefined;
      const inside = {
        depth: place.depth + 1,
        type: field && getNamedType(field.type),
        entries: place.entries * pageSizeOf(node, field),
      };
      const below =
        countProblem(seen, inside, siblings) ?? (node.selectionSet && visit(node.selectionSet, inside));
      if (below !== undefined) return below;
    }
    if (seen.isTooNested) return `Its fragments stand more than ${limits.fragments} deep in each other.`;
    return seen.selections > limits.selections ? "Its fragments spread too often." : undefined;
  };
  const root = context.getSchema().getRootType(operation.operation);
  return visit(operation.selectionSet, { depth: 0, type: root, entries: 1 });
}

function countProblem(
  { fields, aliases }: Seen,
  { depth, entries }: Place,
  siblings: number,
): string | undefined {
  if (depth > limits.depth) return `It is deeper than ${limits.depth} levels.`;
  if (depth === 1 && siblings > limits.rootFields)
    return `It has more than ${limits.rootFields} fields at its root.`;
  if (aliases > limits.aliases) return `It has more than ${limits.aliases} aliases.`;
  if (fields > limits.fields) return `It has more than ${limits.fields} fields.`;
  if (entries > limits.entries)
    return `Its lists may give more than ${limits.entries} entries: say a smaller \`first\`.`;
  return undefined;
}

/** How many entries a list is asked for, as far as the query itself says it. */
function pageSizeOf(node: FieldNode, field: GraphQLField<unknown, unknown> | undefined): number {
  if (!field?.args.some(({ name }) => name === "first")) return 1;
  const sizes = (node.arguments ?? [])
    .filter(({ name }) => name.value === "first" || name.value === "last")
    .map(({ value }) => (value.kind === Kind.INT ? Number(value.value) : usualPageSize));
  return sizes.length === 0 ? usualPageSize : Math.max(1, Math.min(...sizes));
}

/** The fields of a selection, with those of its fragments. A fragment inside itself is another rule's matter. */
function* fieldsOf(
  context: ValidationContext,
  { selections }: SelectionSetNode,
  seen: Seen,
  inside: readonly FragmentDefinitionNode[] = [],
): Generator<FieldNode> {
  if (inside.length > limits.fragments) {
    seen.isTooNested = true;
    return;
  }
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
