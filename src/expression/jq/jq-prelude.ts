import { bind, signature } from "./jq-env.ts";
import type { Env } from "./jq-items.ts";
import { parseJq } from "./jq-parser.ts";

/** The functions that jq itself says best. */
const SOURCE = `
  def select(f): if f then . else empty end;
  def map(f): [.[] | f];
  def map_values(f): .[] |= f;
  def recurse(f): _recurse(f | select(. != null));
  def recurse(f; cond): _recurse(f | select(cond));
  def recurse: recurse(.[]?);
  def recurse_down: recurse;
  def values: select(. != null);
  def nulls: select(. == null);
  def booleans: select(type == "boolean");
  def numbers: select(type == "number");
  def strings: select(type == "string");
  def arrays: select(type == "array");
  def objects: select(type == "object");
  def iterables: select(type == "array" or type == "object");
  def scalars: select((type == "array" or type == "object") | not);
  def finites: select(isinfinite or isnan | not);
  def normals: select(isnormal);
  def to_entries: [keys_unsorted[] as $k | {key: $k, value: .[$k]}];
  def from_entries: reduce .[] as $x ({}; . + {
    ($x | .key as $key | $key // .Key // .name // .Name):
    ($x | if has("value") then .value else .Value end)
  });
  def with_entries(f): to_entries | map(f) | from_entries;
  def del(f): delpaths([path(f)]);
  def paths: path(.. | select(. != null)) | select(length > 0);
  def paths(f): . as $dot | paths | select(. as $p | $dot | getpath($p) | f);
  def leaf_paths: paths(scalars);
  def any: reduce .[] as $x (false; . or $x);
  def all: reduce .[] as $x (true; . and $x);
  def any(f): reduce (.[] | f) as $x (false; . or $x);
  def all(f): reduce (.[] | f) as $x (true; . and $x);
  def any(g; f): reduce (g | f) as $x (false; . or $x);
  def all(g; f): reduce (g | f) as $x (true; . and $x);
  def in(xs): . as $x | xs | has($x);
  def inside(xs): . as $x | xs | contains($x);
  def add: reduce .[] as $x (null; . + $x);
  def range($x): range(0; $x);
  def first: .[0];
  def last: .[-1];
  def nth($n): .[$n];
  def nth($n; f): if $n < 0 then error("nth doesn't support negative indices") else last(limit($n + 1; f)) end;
  def index($i): indices($i) | .[0];
  def rindex($i): indices($i) | .[-1:][0];
  def transpose: if . == [] then [] else . as $in | length as $length
    | [range(0; map(length) | max) as $j | [range(0; $length) as $i | $in[$i][$j]]] end;
  def combinations: if length == 0 then [] else .[0][] as $x | (.[1:] | combinations) as $w | [$x] + $w end;
  def combinations(n): . as $dot | [range(n)] | map($dot) | combinations;
  def walk(f): . as $in
    | if type == "object" then reduce keys[] as $key ({}; . + {($key): ($in[$key] | walk(f))}) | f
      elif type == "array" then map(walk(f)) | f
      else f end;
  def test($re): test($re; null);
  def match($re): match($re; null);
  def capture($re): capture($re; null);
  def capture($re; $flags): match($re; $flags) | [.captures[] | select(.name != null) | {key: .name, value: .string}] | from_entries;
  def scan($re): match($re; "g") | if (.captures | length) > 0 then [.captures[].string] else .string end;
  def splits($re): splits($re; null);
  def splits($re; $flags): split($re; $flags) | .[];
  def sub($re; f): sub($re; f; "");
  def gsub($re; f): sub($re; f; "g");
  def gsub($re; f; $flags): sub($re; f; $flags + "g");
  def sort: sort_by(.);
  def group_by(f): _group_by(f);
  def unique: unique_by(.);
  def unique_by(f): [group_by(f)[] | .[0]];
  def min: min_by(.);
  def max: max_by(.);
  def todateiso8601: _todate;
  def fromdateiso8601: _fromdate;
  .`;

let env: Env | undefined;

/** The scope of these functions, in which every program runs. */
export function preludeEnv(): Env | undefined {
  if (env !== undefined) return env;
  for (let node = parseJq(SOURCE); node.kind === "define"; node = node.body)
    env = bind(env, { kind: "function", name: signature(node.definition), definition: node.definition });
  // A function sees those after it, too: all of them live in one scope, searched from its end.
  return env;
}
