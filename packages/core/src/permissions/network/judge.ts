import type { NetworkNeed } from "@vivarium/bridge/contract";
import { functionCure } from "../cure.ts";
import type { Ask } from "../requests.ts";
import type { WirePermissions } from "../rules.ts";
import { formatIp, parseIp } from "./ip.ts";
import { Pins } from "./pins.ts";
import { compileNetworkRules, type Exposure, type NetworkPolicy, type NetworkVerdict } from "./policy.ts";

const NOTHING = { connect: [], listen: [], dns: [] } as const;

/** Decides the network needs of one run. */
export interface NetworkJudge {
  decide(need: NetworkNeed): NetworkVerdict;
  /** The addresses of the host at which a server bound to this address and port inside may be reached. */
  exposures(hostname: string, port: number, protocol: "tcp" | "udp"): readonly Exposure[];
  /** A look-up that was allowed answered with these addresses: rules about the name hold for them from now on. */
  learn(hostname: string, addresses: readonly string[]): void;
}

/** An address by rules: by its own, or by those of a name that a look-up found it for. The latest name speaks first. */
function connectByRules(policy: NetworkPolicy, pins: Pins, { hostname, port }: NetworkNeed): NetworkVerdict {
  const ip = parseIp(hostname);
  if (ip === undefined) return policy.connect({ hostname, port });
  const address = formatIp(ip);
  let denial: NetworkVerdict | undefined;
  for (const name of [...pins.namesOf(ip), address]) {
    const verdict = policy.connect({ hostname: name, port, address });
    if (verdict.allowed) return verdict;
    // That the address is a blocked one says more than that no rule fits.
    if (denial === undefined || denial.sandboxCode !== "ERR_SANDBOX_ADDRESS_BLOCKED") denial = verdict;
  }
  return denial as NetworkVerdict;
}

/** By the embedder's function: it is told the name the address was last found for, and the address itself. */
function byFunction(ask: Ask, pins: Pins, { op, protocol, hostname, port }: NetworkNeed): NetworkVerdict {
  const ip = op === "connect" ? parseIp(hostname) : undefined;
  const request = {
    domain: "network",
    op: op === "lookup" ? "dns" : op,
    protocol,
    hostname: (ip && pins.namesOf(ip)[0]) ?? hostname,
    port,
    ...(ip ? { address: formatIp(ip) } : {}),
  } as const;
  const answer = ask(request);
  if (answer.allow === true) return { allowed: true, rule: "function", cure: "" };
  const reason = answer.reason === undefined ? {} : { reason: answer.reason };
  return { allowed: false, rule: "function", cure: functionCure("network"), ...reason };
}

/** Compiles the judge: by rules, or by the embedder's function. */
export function compileNetworkJudge(config: WirePermissions["network"], ask: Ask): NetworkJudge {
  const pins = new Pins();
  const learn = (hostname: string, addresses: readonly string[]): void => pins.learn(hostname, addresses);
  if (config !== undefined && "ask" in config) {
    const decide = (need: NetworkNeed): NetworkVerdict => byFunction(ask, pins, need);
    return {
      learn,
      decide,
      exposures(hostname, port, protocol) {
        const need = { domain: "network", op: "listen", protocol, hostname, port } as const;
        return decide(need).allowed ? [{ address: hostname, rule: "function" }] : [];
      },
    };
  }
  const policy = compileNetworkRules(config ?? NOTHING);
  const deciders: { readonly [O in NetworkNeed["op"]]: (need: NetworkNeed) => NetworkVerdict } = {
    lookup: ({ hostname }) => policy.lookup(hostname),
    connect: (need) => connectByRules(policy, pins, need),
    listen: (need) => policy.listen(need),
  };
  return {
    learn,
    decide: (need) => deciders[need.op](need),
    exposures: (hostname, port) => policy.exposures({ hostname, port }),
  };
}
