import { z } from "zod";
import { oneOf } from "../property.ts";
import { defineTaskType, type TaskContext, TaskError } from "../task-type.ts";
import { arArchive } from "./ar.ts";
import { type ArchivePlan, archiveFiles, archivePlan } from "./archive-file.ts";
import { DamagedData } from "./codec/byte-source.ts";
import { compressed, writableCompressionProperty } from "./compression.ts";
import { cpioArchive } from "./cpio.ts";
import { EXTENSIONS } from "./file-compress.ts";
import { tarArchive } from "./write-tar.ts";
import { zipArchive } from "./write-zip.ts";

const ALGORITHMS = ["ZIP", "JAR", "TAR", "AR", "CPIO"] as const;
const REFUSED = { words: ["ARJ", "DUMP"], why: `${ALGORITHMS.join(", ")} can be written` };

/** `io.kestra.plugin.compress.ArchiveCompress` */
export const archiveCompress = defineTaskType({
  type: "io.kestra.plugin.compress.ArchiveCompress",
  title: "Pack files into an archive",
  description:
    "Stores an archive of stored files, in the order in which they are given. Files stream through, so their size does not matter.",
  properties: z.strictObject({
    from: z
      .union(
        [z.string(), z.record(z.string(), z.unknown()), z.array(z.record(z.string(), z.unknown()))],
        "Expected a map of names to the URIs of stored files",
      )
      .meta({
        description:
          "The files: a map of names in the archive to the URIs of stored files, a list of such maps, one of them as JSON text, or the URI of an Ion file of such maps.",
      }),
    algorithm: oneOf(ALGORITHMS, REFUSED).meta({ description: "The format of the archive." }),
    compression: writableCompressionProperty()
      .optional()
      .meta({ description: "How the archive as a whole is compressed, for example GZIP for a `.tar.gz`." }),
  }),
  outputs: z.object({ uri: z.string().meta({ description: "The URI of the archive." }) }),
  isHeavy: true,
  examples: [
    {
      title: "Make a .tar.gz of two files",
      yaml: `from:
  rides.csv: "{{ outputs.rides.uri }}"
  docs/readme.txt: "{{ outputs.readme.uri }}"
algorithm: TAR
compression: GZIP`,
    },
  ],
  async run({ properties: { from, algorithm, compression }, context }) {
    const plan = await archivePlan(from, context);
    const extension = compression === undefined ? "" : `.${EXTENSIONS[compression]}`;
    const file = { ...context.place, name: `archive.${algorithm.toLowerCase()}${extension}` };
    const bytes = compressed(archive(algorithm, plan, context), compression);
    const { uri } = await context.storage.put(file, bytes, context.signal).catch((error) => {
      throw error instanceof DamagedData ? new TaskError("archive_too_large", `${error.message}.`) : error;
    });
    return { outputs: { uri } };
  },
});

function archive(algorithm: (typeof ALGORITHMS)[number], plan: ArchivePlan, context: TaskContext) {
  switch (algorithm) {
    case "ZIP":
    case "JAR":
      return zipArchive(plan, context);
    case "TAR":
      return tarArchive(archiveFiles(plan, context));
    case "AR":
      return arArchive(archiveFiles(plan, context));
    case "CPIO":
      return cpioArchive(archiveFiles(plan, context));
  }
}
