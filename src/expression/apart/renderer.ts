import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { extname, join } from "node:path";
import { toldZone } from "../../base/config.ts";
import { LONGEST_MS } from "../budget.ts";
import { LimitError } from "../expression-error.ts";
import type { Answer, Question } from "./question.ts";

/** A process that renders, one question after the other. It is no thread: one that runs out of memory may take its whole process along. */
export interface Renderer {
  /** The answer. Throws LimitError where the process has ended over it, or had to be ended. */
  ask(question: Question, signal: AbortSignal | undefined): Promise<Answer>;
  isAlive(): boolean;
}

/** What a rendering may hold at once: the longest text there may be is 16 MiB, and few hold several. */
const MOST_MEMORY_MB = 256;
/** A rendering looks at the clock by itself; one that has long not come to that is ended. */
const LONGEST_WAIT_MS = LONGEST_MS * 2;
/** Nobody needed it for so long: its memory is better used elsewhere. */
const IDLE_MS = 60_000;

/** Starts a process. It keeps this one alive only while it renders. */
export async function startRenderer(): Promise<Renderer> {
  const child = fork(join(import.meta.dirname, `rendering-process${extname(import.meta.filename)}`), {
    execArgv: [`--max-old-space-size=${MOST_MEMORY_MB}`],
    // Its surroundings are none of a template's business, but for the zone in which dates are written.
    env: toldZone === undefined ? {} : { TZ: toldZone },
    serialization: "advanced",
    // A process that runs out of memory says so at length; whoever asked tells it in a sentence.
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  // It may be gone before it has read something; its end is noticed anyway.
  child.on("error", () => undefined);
  const isAlive = () => child.connected && child.exitCode === null && child.signalCode === null;
  await answerFrom(child).catch((cause: unknown) => {
    throw new Error("The process that renders did not start.", { cause });
  });
  let idle: NodeJS.Timeout | undefined;
  return {
    isAlive,
    async ask(question, signal) {
      clearTimeout(idle);
      hold(child, true);
      const limit = AbortSignal.any([AbortSignal.timeout(LONGEST_WAIT_MS), ...(signal ? [signal] : [])]);
      try {
        limit.throwIfAborted();
        child.send(question, () => undefined);
        return (await answerFrom(child, limit)) as Answer;
      } catch (error) {
        child.kill("SIGKILL");
        signal?.throwIfAborted();
        throw limit.aborted ? new LimitError("The expression takes too long.") : error;
      } finally {
        hold(child, false);
        idle = setTimeout(() => child.kill("SIGKILL"), IDLE_MS).unref();
      }
    },
  };
}

/** What it says next. Whatever a template does there it hears of, but for too much memory. */
async function answerFrom(child: ChildProcess, signal?: AbortSignal): Promise<unknown> {
  const heard = new AbortController();
  const until = { signal: signal ? AbortSignal.any([signal, heard.signal]) : heard.signal };
  const end = once(child, "exit", until).then(() => {
    throw new LimitError("The expression takes too much memory.");
  });
  try {
    const [answer] = (await Promise.race([once(child, "message", until), end])) as [unknown];
    return answer;
  } finally {
    end.catch(() => undefined);
    heard.abort();
  }
}

/** Whether this process goes on only for its sake. */
function hold(child: ChildProcess, isHeld: boolean): void {
  child[isHeld ? "ref" : "unref"]();
  child.channel?.[isHeld ? "ref" : "unref"]();
}
