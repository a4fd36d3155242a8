/** What a command's end says to the shell. Few, so that scripts can tell them apart. */
export const exitCodes = {
  ok: 0,
  /** It was refused or went wrong, or the execution that was waited for did not end well. */
  failed: 1,
  /** The command or what was given to it is malformed. */
  usage: 2,
  /** What was named does not exist. */
  notFound: 3,
  /** Ctrl-C, as shells count it. What was waited for goes on. */
  stopped: 130,
} as const;

/** The line about exit codes that every help ends with. */
export const exitCodesHelp =
  "Exit codes: 0 done, 1 failed (an awaited execution, too), 2 wrong usage, 3 not found, 130 stopped by Ctrl-C.";
