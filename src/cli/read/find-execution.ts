import type { Pool } from "pg";
import { RepriseError } from "../../base/errors.ts";
import { usageError } from "../failure.ts";

const leastDigits = 8;
const allDigits = 32;

/** Finds the execution whose id begins so. Ids of executions that came close to each other begin alike: those are refused. */
export async function findExecutionId(db: Pool, prefix: string): Promise<string> {
  const digits = prefix.toLowerCase().replaceAll("-", "");
  if (!/^[0-9a-f]*$/.test(digits) || digits.length < leastDigits || digits.length > allDigits) {
    throw usageError(
      `\`${prefix}\` is no id of an execution.`,
      `Give the id, or at least its first ${leastDigits} characters. See: reprise execution list`,
    );
  }
  // A range, so that the index finds it.
  const { rows } = await db.query<{ id: string }>(
    "select id from reprise_api.executions where id between $1 and $2 order by id limit 3",
    [digits.padEnd(allDigits, "0"), digits.padEnd(allDigits, "f")],
  );
  const [first, second] = rows;
  if (first === undefined) {
    throw new RepriseError("RP404", "execution_not_found", `There is no execution ${prefix}.`, {
      hint: "Look it up with: reprise execution list",
    });
  }
  if (second !== undefined) {
    throw new RepriseError("RP400", "ambiguous_id", `More than one execution begins with ${prefix}.`, {
      hint: `Give more of it, for example ${first.id} or ${second.id}.`,
    });
  }
  return first.id;
}
