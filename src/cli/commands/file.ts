import type { Command } from "commander";
import { group } from "../command.ts";
import { fileGet } from "./file-get.ts";

/** `reprise file` */
export function file(): Command {
  return group("file", "Work with the files that tasks store.", [fileGet()]);
}
