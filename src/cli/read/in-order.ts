/** Where a task run stands. */
interface Placed {
  id: string;
  taskKey: number;
  parentId: string | null;
  iteration: number | null;
}

/** Puts task runs in the order of the flow, and those of one task in that of their iterations, by the numbers of all loops around them. */
export function inOrder<T extends Placed>(taskRuns: readonly T[]): T[] {
  const byId = new Map(taskRuns.map((run) => [run.id, run]));
  const numbersOf = ({ parentId, iteration }: T): number[] => {
    const parent = parentId === null ? undefined : byId.get(parentId);
    return [...(parent === undefined ? [] : numbersOf(parent)), iteration ?? 0];
  };
  return taskRuns
    .map((run) => ({ run, numbers: numbersOf(run) }))
    .toSorted((a, b) => a.run.taskKey - b.run.taskKey || compareNumbers(a.numbers, b.numbers))
    .map(({ run }) => run);
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, index) => number !== b[index]);
  return at === -1 ? 0 : (a[at] as number) - (b[at] ?? 0);
}
