import type { Command } from "commander";
import { z } from "zod";
import { act, leaf } from "../command.ts";
import { anchorsText } from "../present/anchors-text.ts";
import { durationText } from "../present/figure-text.ts";
import { paint, paintState } from "../present/paint.ts";
import { findExecutionId } from "../read/find-execution.ts";
import { type ExecutionDocument, readExecution } from "../read/read-execution.ts";
import { readLineage } from "../read/read-lineage.ts";

/** `reprise execution lineage` */
export function executionLineage(): Command {
  return leaf("lineage", "Show the first original of an execution and every replay of it, as a tree.")
    .argument("<execution>", "its id, or the beginning of it")
    .action(
      act(z.object({}), async (session, _options, prefix: string) => {
        const db = await session.database();
        const { id, rootId } = await readExecution(db, await findExecutionId(db, prefix));
        const line = await readLineage(db, rootId);
        session.print({ rootId, executions: line }, () => tree(line, id).join("\n"));
      }),
    );
}

/** What was purged is not shown; its replays then stand at the left. */
function tree(line: readonly ExecutionDocument[], shownId: string): string[] {
  const known = new Set(line.map(({ id }) => id));
  const below = (parent: string | undefined, indent: string): string[] =>
    line
      .filter(
        ({ originalId }) =>
          (originalId !== null && known.has(originalId) ? originalId : undefined) === parent,
      )
      .flatMap((execution) => [
        `${indent}${parent === undefined ? "" : "└ "}${describe(execution, execution.id === shownId)}`,
        ...below(execution.id, parent === undefined ? indent : `${indent}  `),
      ]);
  return below(undefined, "");
}

function describe(execution: ExecutionDocument, isShown: boolean): string {
  const parts = [
    isShown ? paint("bold", execution.id) : execution.id,
    paintState(execution.state),
    `revision ${execution.flowRevision}`,
    `attempt ${execution.attemptNumber}`,
    execution.anchors === null ? "" : `from ${anchorsText(execution)}`,
    execution.savedMs ? `${durationText(execution.savedMs)} saved` : "",
    execution.note ?? "",
  ];
  return parts.filter((part) => part !== "").join("  ");
}
