import { type Document, isAlias, isMap, isScalar, isSeq, type Pair, type YAMLMap, YAMLSeq } from "yaml";
import { isPlain, plainScalar } from "../base/yaml-value.ts";
import type { Findings } from "./issue.ts";

/** What stands at the top of a flow and was once called otherwise, as Kestra 1.3 still takes it, by its former name. */
const presentNames: ReadonlyMap<unknown, string> = new Map([["taskDefaults", "pluginDefaults"]]);

/**
 * Calls by its present name what stands at the top of a flow under a former one, and warns of it. Where both stand, what is listed
 * under the former comes behind what is listed under the present one, as in Kestra. Places in the source stay what they were.
 */
export function renameFormer(document: Document.Parsed, findings: Findings): void {
  const { contents } = document;
  if (!isMap(contents)) return;
  const map = contents as YAMLMap;
  for (const pair of map.items.filter(({ key }) => presentNames.has(nameOf(key)))) {
    const [former, present] = [String(nameOf(pair.key)), presentNames.get(nameOf(pair.key)) ?? ""];
    findings.warning([], "deprecated_property", `\`${former}\` is deprecated.`, {
      hint: `Call it \`${present}\`.`,
      sourceOffset: isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0,
    });
    const other = map.items.find(({ key }) => nameOf(key) === present);
    const [given, listed] = [pair.value, other?.value].map((value) =>
      isAlias(value) ? value.resolve(document) : value,
    );
    if (other === undefined) rename(pair, present);
    else if (isNothing(listed)) {
      map.items.splice(map.items.indexOf(other), 1);
      rename(pair, present);
    } else if (isSeq(listed) && isSeq(given)) {
      other.value = new YAMLSeq();
      (other.value as YAMLSeq).items.push(...listed.items, ...given.items);
      map.items.splice(map.items.indexOf(pair), 1);
    }
  }
}

function isNothing(value: unknown): boolean {
  if (!isScalar(value)) return value === null || value === undefined;
  return isPlain(value) && plainScalar(value.source ?? "").kind === "null";
}

function rename({ key }: Pair, name: string): void {
  if (isScalar(key)) key.value = name;
}

function nameOf(key: unknown): unknown {
  return isScalar(key) ? key.value : key;
}
