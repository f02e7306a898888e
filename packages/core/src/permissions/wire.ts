import type { Answer, Domain, PermissionRequest } from "./requests.ts";
import type { AskRule, PermissionFunction, Permissions, WirePermissions } from "./rules.ts";

const ask: AskRule = Object.freeze({ ask: true });
const everything: readonly string[] = Object.freeze(["*"]);

type Functions = Map<Domain, PermissionFunction<PermissionRequest>>;

/** Permissions in two halves: data for the cell, and a way to ask the functions that stay here. */
export interface SplitPermissions {
  readonly wire: WirePermissions;
  /** Asks the function of the request's domain. Never rejects: a throw, a rejection or an odd value denies. */
  readonly answer: (request: PermissionRequest) => Promise<Answer>;
}

const normalize = (value: unknown): Answer => {
  if (value === true) return { allow: true };
  if (typeof value !== "object" || value === null) return { allow: false };
  const { allow, reason } = value as { allow?: unknown; reason?: unknown };
  return typeof reason === "string" ? { allow: allow === true, reason } : { allow: allow === true };
};

/** Turns one domain's SDK value into data; a function goes into the table instead. */
function encode<T>(
  functions: Functions,
  domain: Domain,
  value: unknown,
  all: T,
  rules: () => T,
): T | AskRule | undefined {
  if (value === undefined || value === false) return undefined;
  if (value === true) return all;
  if (typeof value !== "function") return rules();
  functions.set(domain, value as PermissionFunction<PermissionRequest>);
  return ask;
}

/**
 * Splits SDK permissions into the data that crosses to the cell and the functions that stay with the embedder.
 * Expects validated permissions (`parseDriverOptions`).
 */
export function splitPermissions(permissions: Permissions): SplitPermissions {
  const functions: Functions = new Map();
  const { fs, network, childProcess, env, bindings } = permissions;
  const wire = {
    fs: encode(functions, "fs", fs, { read: ["/**"], write: ["/**"] }, () =>
      typeof fs === "object" ? { read: fs.read ?? [], write: fs.write ?? [] } : { read: [], write: [] },
    ),
    network: encode(functions, "network", network, { connect: everything, listen: everything, dns: everything }, () =>
      typeof network === "object"
        ? { connect: network.connect ?? [], listen: network.listen ?? [], dns: network.dns ?? [] }
        : { connect: [], listen: [], dns: [] },
    ),
    childProcess: encode(functions, "childProcess", childProcess, { commands: everything }, () =>
      typeof childProcess === "object" ? { commands: childProcess.commands } : { commands: [] },
    ),
    env: encode(functions, "env", env, everything, () => (Array.isArray(env) ? env : [])),
    // Offering a function is the grant; only an explicit rule narrows it, and `false` narrows it to nothing.
    bindings:
      bindings === undefined
        ? everything
        : (encode(functions, "bindings", bindings, everything, () => (Array.isArray(bindings) ? bindings : [])) ?? []),
  };
  const present = Object.fromEntries(Object.entries(wire).filter(([, rule]) => rule !== undefined));
  return {
    wire: present as WirePermissions,
    async answer(request) {
      const decide = functions.get(request.domain);
      if (decide === undefined) return { allow: false, reason: "no permission function for this domain" };
      try {
        return normalize(await decide(request));
      } catch {
        return { allow: false, reason: "the permission function failed" };
      }
    },
  };
}
