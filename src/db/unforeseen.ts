/** What is told of an error that is none of ours. The rest is for the log. */
export interface Unforeseen {
  code: "RP500";
  reason: "database_unreachable" | "unexpected";
  message: string;
  hint?: string;
}

/** Says of an error that nobody foresaw only whether it is worth to try again: what else it says is not for everybody. */
export function describeUnforeseen(error: unknown): Unforeseen {
  if (isUnreachable(error)) {
    return {
      code: "RP500",
      reason: "database_unreachable",
      message: "The database cannot be reached.",
      hint: "Try again in a moment.",
    };
  }
  return {
    code: "RP500",
    reason: "unexpected",
    message: "Something went wrong on our side; the server's log says what.",
  };
}

/** Of the network, and of Postgres: it starts, stops, crashed, or takes no more connections. */
const unreachable = [
  ...["ECONNREFUSED", "ECONNRESET", "EPIPE", "ENOTFOUND", "ETIMEDOUT", "EHOSTUNREACH"],
  ...["57P01", "57P02", "57P03", "53300", "08000", "08001", "08003", "08004", "08006"],
];

/** What node-postgres says without a code. */
const broken =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  return unreachable.includes(code) || broken.test(error.message);
}
