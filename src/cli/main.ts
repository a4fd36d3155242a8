/** The command line's beginning: reads the arguments, runs the command, and makes its end an exit code. */
import "../base/async-disposable-stack.ts";
import { exitCodes } from "./exit-code.ts";
import { parseProgram } from "./program.ts";

// Started by another process of ours (see bin.js): when that one is gone, so are we.
if (process.channel) {
  process.channel.unref();
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
}
// Whoever reads our output may have read enough: `reprise execution list | head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(exitCodes.ok);
  process.stderr.write(`✗ Standard output cannot be written: ${error.message}.\n`);
  process.exit(exitCodes.failed);
});

process.exitCode = await parseProgram(process.argv.slice(2));
