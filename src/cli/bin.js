#!/usr/bin/env node
// Plain JavaScript, so that any Node can read it: it finds what to run, and a Node that can run it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

// Grafast warns of a missing choice, and its checks for developers cost time.
process.env.GRAPHILE_ENV ??= "production";

// Compiled code is kept, for half the time to start; in a folder that only the owner of the program can write to.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
  new URL("../../node_modules/.cache/reprise", import.meta.url),
);

// A clone runs its sources, so that an old build never answers for them: from 24.2 on Node knows all that they use.
// A package has only what was built, for an older Node too.
const sources = new URL("main.ts", import.meta.url);
const isClone = existsSync(sources);
const main = isClone ? sources : new URL("../../dist/src/cli/main.js", import.meta.url);
const least = isClone ? [24, 2] : [22, 18];

// npm and npx put a shell between, which passes no signal on and does not wait for us: when it has gone, so have they.
if (process.env.npm_command !== undefined) leaveWith(process.ppid);

const isInstalled = !isClone || existsSync(new URL("../../node_modules", import.meta.url));
// A clone brings its own Node along.
const ownNode = fileURLToPath(new URL("../../node_modules/.bin/node", import.meta.url));

if (!isInstalled) refuse("Run `npm ci` first.");
else if (isNewEnough(process.versions.node, least)) {
  nodeModule.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  await import(main.href);
} else if (isClone && existsSync(ownNode)) runWith(ownNode);
else {
  const remedy = isClone ? " `npm ci` brings one along, if its install scripts may run." : "";
  refuse(`Reprise needs Node ${least.join(".")} or later; this is ${process.versions.node}.${remedy}`);
}

function refuse(message) {
  console.error(message);
  process.exitCode = 1;
}

function isNewEnough(version, [leastMajor, leastMinor]) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

function leaveWith(parent) {
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, 500);
  timer.unref();
}

/** Runs the same command with another Node. The channel closes when this process ends, however it ends. */
function runWith(node) {
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  // Ctrl-C reaches the child by itself.
  process.on("SIGINT", () => undefined);
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}
