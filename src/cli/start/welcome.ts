import type { Config } from "../../base/config.ts";
import { version } from "../../base/version.ts";
import { embeddedPaths } from "../../db/embedded-folder.ts";
import type { SavedFlow } from "../flows/save-flow.ts";
import { asCalled } from "../present/as-called.ts";
import { paint } from "../present/paint.ts";

/** Where the parts of a running Reprise are. */
export interface Places {
  version: string;
  graphql: string;
  graphiql: string | null;
  /** Only of the embedded database: another's password is not ours to show. */
  psql: string | null;
  dataFolder: string | null;
  database: string;
  loadedFlows: string[];
}

/** Gathers where things are. */
export async function describePlaces(
  config: Config,
  running: { url: string; connectionString: string; hasGraphiql: boolean; loaded: readonly SavedFlow[] },
): Promise<Places> {
  const isEmbedded = config.databaseUrl === undefined;
  return {
    version,
    graphql: `${running.url}/graphql`,
    graphiql: running.hasGraphiql ? `${running.url}/graphiql` : null,
    psql: isEmbedded ? `psql '${running.connectionString}'` : null,
    dataFolder: isEmbedded ? (await embeddedPaths(config.dataDir)).folder : null,
    database: withoutPassword(running.connectionString),
    loadedFlows: running.loaded.map(({ namespace, id }) => `${namespace}.${id}`),
  };
}

function withoutPassword(connectionString: string): string {
  const url = new URL(connectionString);
  if (url.password !== "") url.password = "…";
  return decodeURI(url.href);
}

/** The places for a person, and what to try first. */
export function welcomeText(places: Places): string {
  const rows: [string, string | null][] = [
    ["GraphQL", places.graphql],
    ["GraphiQL", places.graphiql],
    ["Database", places.psql ?? places.database],
    ["Data", places.dataFolder],
    ["Examples", places.loadedFlows.length === 0 ? null : places.loadedFlows.join("\n")],
  ];
  const commands = [
    ["reprise demo", "replay, shown on a real case"],
    ["reprise run company.team hello --input name=Ada --wait", "run a flow"],
    ["reprise execution list", "what has run"],
    ["reprise flow apply FILE.yaml", "save a flow of your own"],
  ].map(([command = "", about = ""]) => [asCalled(command), about]);
  const width = Math.max(...commands.map(([command = ""]) => command.length));
  return [
    paint("bold", `Reprise ${places.version} is running.`),
    "",
    ...rows.flatMap(([name, value]) => (value === null ? [] : rowText(name, value))),
    "",
    "Try, in another terminal:",
    ...commands.map(
      ([command = "", about = ""]) => `  ${paint("cyan", command.padEnd(width))}  ${paint("dim", about)}`,
    ),
    "",
    paint("dim", "Ctrl-C stops everything."),
  ].join("\n");
}

function rowText(name: string, value: string): string {
  return `  ${paint("dim", name.padEnd(9))} ${value.replaceAll("\n", `\n${" ".repeat(12)}`)}`;
}
