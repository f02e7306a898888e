import { networkCure } from "../cure.ts";
import type { NetworkOp, Verdict } from "../requests.ts";
import type { WirePermissions } from "../rules.ts";
import { type HostRule, hasPort, parseHostRule, ruleMatches, ruleNames } from "./host-rule.ts";
import { formatIp, type Host, type Ip, parseHost, parseIp } from "./ip.ts";
import { rangeOf } from "./ranges.ts";

/** A network verdict, with the stable code of a denial. */
export interface NetworkVerdict extends Verdict {
  readonly sandboxCode?: "ERR_SANDBOX_NETWORK_DENIED" | "ERR_SANDBOX_ADDRESS_BLOCKED";
}

export interface Endpoint {
  readonly hostname: string;
  readonly port: number;
  /** The resolved address that will be connected to. Without it the verdict is about the name only. */
  readonly address?: string;
}

/** An address of the host that a rule lends to a server of the guest's. */
export interface Exposure {
  readonly address: string;
  readonly rule: string;
}

/** Decides by rules; names and addresses in any spelling. */
export interface NetworkPolicy {
  /**
   * Before a look-up with the name alone, then once more for every address, redirect and retry with `address` set. A
   * connection needs the second verdict: the first never speaks for an address.
   */
  connect(endpoint: Endpoint): NetworkVerdict;
  /** The addresses of the host at which a server that listens here inside the sandbox may be reached, and by which rule. */
  exposures(endpoint: Endpoint): readonly Exposure[];
  /** Whether there is any such address. */
  listen(endpoint: Endpoint): NetworkVerdict;
  /** The look-up a connection begins with: free for a host that some port of may be connected to. */
  lookup(hostname: string): NetworkVerdict;
}

const allowedBy = (rule: HostRule): NetworkVerdict => ({ allowed: true, rule: rule.pattern, cure: "" });

const deniedFor = (op: NetworkOp, resource: string, reason?: string): NetworkVerdict => ({
  allowed: false,
  rule: "no rule",
  cure: networkCure(op, resource),
  sandboxCode: "ERR_SANDBOX_NETWORK_DENIED",
  ...(reason === undefined ? {} : { reason }),
});

const showHost = (host: Host): string =>
  host.kind === "name" ? host.name : host.ip.family === 6 ? `[${formatIp(host.ip)}]` : formatIp(host.ip);

/** A rule text for this address and port. */
const showAddress = (ip: Ip, port: number): string => `${showHost({ kind: "address", ip })}:${port}`;

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 0 && port <= 65_535;

function compileList(rules: readonly string[], list: NetworkOp): readonly HostRule[] {
  return rules.map((pattern) => {
    const rule = parseHostRule(pattern, list);
    if (typeof rule === "string") throw new RangeError(`network rule ${JSON.stringify(pattern)} must ${rule}`);
    return rule;
  });
}

const LOCALHOST = { 4: "127.0.0.1", 6: "::1" } as const;
const isAny = (ip: Ip): boolean => ip.value === 0n;

/** Where a rule lets a server be reached that is bound to this address; one bound to all may be at any address. */
function exposedAt(rule: HostRule, bound: Ip, port: number): string | undefined {
  const { host } = rule;
  if (!hasPort(rule, port)) return undefined;
  if (host.kind === "any") return formatIp(bound);
  if (host.kind === "name" && host.name === "localhost") {
    const isLoopback = rangeOf(bound)?.[0] === "loopback";
    return isAny(bound) ? LOCALHOST[4] : isLoopback ? formatIp(bound) : undefined;
  }
  if (host.kind !== "address") return undefined;
  const named = formatIp(host.ip);
  return isAny(bound) || named === formatIp(bound) ? named : undefined;
}

type Rules = Extract<NonNullable<WirePermissions["network"]>, { readonly connect: readonly string[] }>;

/**
 * Compiles network rules.
 * @throws RangeError for a text that is no host pattern.
 */
export function compileNetworkRules(rules: Rules): NetworkPolicy {
  const connect = compileList(rules.connect, "connect");
  const listen = compileList(rules.listen, "listen");
  const dns = compileList(rules.dns, "dns");

  const exposures = ({ hostname, port }: Endpoint): readonly Exposure[] => {
    const bound = parseIp(hostname);
    if (bound === undefined || !isPort(port)) return [];
    const found = new Map<string, string>();
    for (const rule of listen) {
      const address = exposedAt(rule, bound, port);
      if (address !== undefined && !found.has(address)) found.set(address, rule.pattern);
    }
    return [...found].map(([address, rule]) => ({ address, rule }));
  };

  return {
    connect({ hostname, port, address }) {
      const host = parseHost(hostname);
      if (host === undefined || !isPort(port)) return deniedFor("connect", `${hostname}:${port}`, "not a host name");
      const ip = address === undefined ? (host.kind === "address" ? host.ip : undefined) : parseIp(address);
      if (address !== undefined && ip === undefined)
        return deniedFor("connect", `${hostname}:${port}`, "not an address");
      const match = connect.find((rule) => ruleMatches(rule, host, port, ip));
      if (match === undefined) return deniedFor("connect", `${showHost(host)}:${port}`);
      if (ip === undefined) return allowedBy(match);
      const range = rangeOf(ip);
      if (range === undefined) return allowedBy(match);
      const naming = connect.find((rule) => ruleMatches(rule, host, port, ip) && ruleNames(rule, host, ip));
      if (naming !== undefined) return allowedBy(naming);
      const verdict = deniedFor("connect", showAddress(ip, port), `${formatIp(ip)} is a ${range[0]} address`);
      return { ...verdict, rule: match.pattern, sandboxCode: "ERR_SANDBOX_ADDRESS_BLOCKED" };
    },
    exposures,
    listen(endpoint) {
      const exposure = exposures(endpoint)[0];
      if (exposure) return { allowed: true, rule: exposure.rule, cure: "" };
      return deniedFor("listen", `${endpoint.hostname}:${endpoint.port}`);
    },
    lookup(hostname) {
      const host = parseHost(hostname);
      if (host === undefined) return deniedFor("connect", hostname, "not a host name");
      const match = [...connect, ...dns].find((rule) => ruleMatches(rule, host, undefined, undefined));
      return match === undefined ? deniedFor("connect", showHost(host)) : allowedBy(match);
    },
  };
}
