import { lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { TaskError } from "../task-type.ts";

/**
 * Resolves names as the system does and refuses addresses where no server for tasks can be: cloud machines hand out
 * their credentials on link-local ones. The connection goes to the address that was checked, so a name cannot change
 * its mind in between.
 */
export const guardedLookup: LookupFunction = (hostname, options, callback) => {
  systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, "");
    const refused = addresses.find(({ address }) => !isReachable(address));
    if (refused) return callback(unreachable(hostname), "");
    const [first] = addresses;
    if (options.all || first === undefined) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

/** The same for a host that is written as an address, which nobody looks up. */
export function assertReachable(url: URL): void {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) && !isReachable(host)) throw unreachable(host);
}

const REFUSED = new Set(["linkLocal", "multicast", "broadcast", "reserved"]);
// The address of the credentials service on machines of one cloud that speak IPv6 only.
const METADATA_V6 = "fd00:ec2::254";

function isReachable(address: string): boolean {
  const parsed = ipaddr.process(address);
  return !REFUSED.has(parsed.range()) && parsed.toString() !== METADATA_V6;
}

function unreachable(host: string): TaskError {
  return new TaskError("address_refused", `${host} is an address that tasks may not reach.`);
}
