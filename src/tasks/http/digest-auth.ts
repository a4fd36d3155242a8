import { createHash, randomBytes } from "node:crypto";

/** Who asks. */
export interface Login {
  username: string;
  password: string;
}

/**
 * Answers the challenge of a server (RFC 7616) with an Authorization header, or undefined where it poses none that
 * can be answered. `qop=auth-int` would need the body before it is sent, so only `auth` and none are answered.
 */
export function digestAuthorization(
  challenges: readonly string[],
  login: Login,
  request: { method: string; path: string },
): string | undefined {
  const challenge = challenges.flatMap(parseDigests).find(({ algorithm, qop }) => {
    return hashName(algorithm) !== undefined && (qop === undefined || /\bauth\b(?!-)/.test(qop));
  });
  const algorithm = hashName(challenge?.algorithm);
  if (challenge?.realm === undefined || challenge.nonce === undefined || algorithm === undefined)
    return undefined;

  const { realm, nonce, opaque } = challenge;
  const hash = (text: string) => createHash(algorithm).update(text).digest("hex");
  const cnonce = randomBytes(16).toString("hex");
  const nc = "00000001";
  const secret = hash(`${login.username}:${realm}:${login.password}`);
  const isSession = challenge.algorithm?.toLowerCase().endsWith("-sess") === true;
  const a1 = isSession ? hash(`${secret}:${nonce}:${cnonce}`) : secret;
  const a2 = hash(`${request.method}:${request.path}`);
  const hasQop = challenge.qop !== undefined;
  const response = hash(hasQop ? `${a1}:${nonce}:${nc}:${cnonce}:auth:${a2}` : `${a1}:${nonce}:${a2}`);

  const fields = [`username=${quote(login.username)}`, `realm=${quote(realm)}`, `nonce=${quote(nonce)}`];
  fields.push(`uri=${quote(request.path)}`, `response="${response}"`);
  if (challenge.algorithm !== undefined) fields.push(`algorithm=${challenge.algorithm}`);
  if (opaque !== undefined) fields.push(`opaque=${quote(opaque)}`);
  if (hasQop || isSession) fields.push(`cnonce="${cnonce}"`);
  if (hasQop) fields.push("qop=auth", `nc=${nc}`);
  return `Digest ${fields.join(", ")}`;
}

type Challenge = Partial<Record<"realm" | "nonce" | "algorithm" | "qop" | "opaque", string>>;

/** A header may hold several challenges, of other schemes too: `Basic realm="x", Digest realm="x", nonce="y"`. */
function parseDigests(header: string): Challenge[] {
  const found: Challenge[] = [];
  let current: Record<string, string> | undefined;
  for (const match of header.matchAll(
    /(?<![\w-])(?:([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([\w-]+)(?=\s+[\w-]+\s*=))/g,
  )) {
    const [, name, quoted, bare, scheme] = match;
    if (scheme !== undefined) {
      current = scheme.toLowerCase() === "digest" ? {} : undefined;
      if (current) found.push(current);
    } else if (current && name !== undefined) {
      current[name.toLowerCase()] = bare ?? quoted?.replace(/\\(.)/g, "$1") ?? "";
    }
  }
  return found;
}

function hashName(algorithm = "MD5"): "md5" | "sha256" | undefined {
  const name = algorithm.toLowerCase().replace(/-sess$/, "");
  return name === "md5" ? "md5" : name === "sha-256" ? "sha256" : undefined;
}

function quote(value: string): string {
  return `"${value.replace(/["\\]/g, "\\$&")}"`;
}
