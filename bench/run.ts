import { parseArgs } from "node:util";
import Table from "cli-table3";
import { fanout } from "./fanout.ts";
import { flat } from "./flat.ts";
import { hop } from "./hop.ts";
import { lookAtMachine } from "./machine.ts";
import { memory } from "./memory.ts";
import { replay } from "./replay.ts";
import { type Bench, type BenchResult, type Figures, rounded, roundedFigures } from "./result.ts";
import { serdes } from "./serdes.ts";
import { storage } from "./storage.ts";
import { throughput } from "./throughput.ts";

const benches: readonly Bench[] = [throughput, hop, replay, storage, serdes, fanout, flat, memory];

const usage = `npm run bench -- [NAME…] [--json] [--large] [--runs N]

Measures Reprise beside the floor that it stands on, in the same run, on a Postgres of its own with durable commits.

${benches.map(({ name, summary }) => `  ${name.padEnd(12)}${summary}`).join("\n")}

  --json      one JSON object on standard output; takes one NAME
  --large     serdes: 2 GB through all the data tasks, and the memory they take
  --runs N    how often each measurement is repeated
  --tiny      sizes that only show that it works
`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      large: { type: "boolean", default: false },
      tiny: { type: "boolean", default: false },
      runs: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const chosen =
    positionals.length === 0 ? benches : benches.filter(({ name }) => positionals.includes(name));
  const runs = values.runs === undefined ? undefined : Number(values.runs);
  const isSound =
    positionals.every((name) => benches.some((bench) => bench.name === name)) &&
    (runs === undefined || (Number.isInteger(runs) && runs > 0)) &&
    (!values.json || chosen.length === 1);
  if (values.help || !isSound) {
    process.stderr.write(usage);
    return values.help ? 0 : 2;
  }

  for (const bench of chosen) {
    const result = await measure(bench, {
      runs,
      isLarge: values.large,
      isTiny: values.tiny,
      say: (line) => process.stderr.write(`${bench.name}: ${line}\n`),
    });
    process.stdout.write(values.json ? `${JSON.stringify(result, null, 2)}\n` : tableOf(result));
  }
  return 0;
}

async function measure(bench: Bench, options: Parameters<Bench["measure"]>[0]): Promise<BenchResult> {
  const machine = lookAtMachine();
  const { figures, floor, ratios, notes } = await bench.measure(options);
  return {
    name: bench.name,
    figures: roundedFigures(figures),
    floor: roundedFigures(floor),
    ratios: roundedFigures(ratios),
    notes,
    machine: machine(),
  };
}

function tableOf({ name, figures, floor, ratios, notes, machine }: BenchResult): string {
  const table = new Table({
    head: [name, ""],
    colAligns: ["left", "right"],
    style: { head: [], border: [], compact: true },
  });
  for (const [title, part] of Object.entries({ figures, floor, ratios }) as [string, Figures][]) {
    for (const [key, value] of Object.entries(part)) {
      table.push([`${title === "figures" ? "" : `${title}: `}${key}`, rounded(value).toLocaleString("en")]);
    }
  }
  const where = `${machine.cpuCount} × ${machine.cpu}, ${machine.platform}, node ${machine.node}, load ${machine.load.before} → ${machine.load.after}`;
  return `${table.toString()}\n${[...notes, where].map((note) => `  ${note}`).join("\n")}\n\n`;
}
