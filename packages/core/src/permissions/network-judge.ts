import type { NetworkNeed } from "@vivarium/bridge/contract";
import { functionCure } from "./cure.ts";
import { compileNetworkRules, type NetworkVerdict } from "./network/policy.ts";
import type { Ask } from "./requests.ts";
import type { WirePermissions } from "./rules.ts";

const NOTHING = { connect: [], listen: [], dns: [] } as const;

/** Decides network needs: by rules, or by the embedder's function. */
export function compileNetworkJudge(
  config: WirePermissions["network"],
  ask: Ask,
): (need: NetworkNeed) => NetworkVerdict {
  if (config !== undefined && "ask" in config) {
    return ({ op, protocol, hostname, port }) => {
      const answer = ask({ domain: "network", op: op === "lookup" ? "dns" : op, protocol, hostname, port });
      if (answer.allow) return { allowed: true, rule: "function", cure: "" };
      const reason = answer.reason === undefined ? {} : { reason: answer.reason };
      return { allowed: false, rule: "function", cure: functionCure("network"), ...reason };
    };
  }
  const policy = compileNetworkRules(config ?? NOTHING);
  return ({ op, hostname, port }) => {
    if (op === "lookup") return policy.lookup(hostname);
    return op === "listen" ? policy.listen({ hostname, port }) : policy.connect({ hostname, port });
  };
}
