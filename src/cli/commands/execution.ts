import type { Command } from "commander";
import { group } from "../command.ts";
import { executionForceRun } from "./execution-force-run.ts";
import { executionGantt } from "./execution-gantt.ts";
import { executionKill } from "./execution-kill.ts";
import { executionLineage } from "./execution-lineage.ts";
import { executionList } from "./execution-list.ts";
import { executionLogs } from "./execution-logs.ts";
import { executionMark } from "./execution-mark.ts";
import { executionOutputs } from "./execution-outputs.ts";
import { executionPause } from "./execution-pause.ts";
import { executionRestart } from "./execution-restart.ts";
import { executionResume } from "./execution-resume.ts";
import { executionSetLabels } from "./execution-set-labels.ts";
import { executionShow } from "./execution-show.ts";
import { executionUnqueue } from "./execution-unqueue.ts";

/** `reprise execution` */
export function execution(): Command {
  return group("execution", "Look at executions, stop them, go on with them.", [
    executionList(),
    executionShow(),
    executionLogs(),
    executionOutputs(),
    executionGantt(),
    executionKill(),
    executionRestart(),
    executionPause(),
    executionResume(),
    executionMark(),
    executionUnqueue(),
    executionForceRun(),
    executionSetLabels(),
    executionLineage(),
  ]);
}
