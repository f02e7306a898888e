import type { CommandNeed, FsNeed, ModuleNeed, Need, NetworkNeed } from "@vivarium/bridge/contract";
import { SyscallFailure } from "../errors/failure.ts";
import { bindingCure, commandCure, functionCure } from "./cure.ts";
import { compileFsJudge, type OtherEnd, type TreeLocated, type TreeNeed } from "./fs-judge.ts";
import type { Granted, Located } from "./granted.ts";
import { compileNetworkJudge } from "./network/judge.ts";
import type { Ask, Decision, PermissionRequest, Verdict } from "./requests.ts";
import type { WirePermissions } from "./rules.ts";

/** What the engine may do besides deciding. */
export interface AuthorityPowers {
  /** Sees every decision except those about module files. */
  readonly onDecision?: ((decision: Decision) => void) | undefined;
}

/** What a command's request says besides its need. */
export interface CommandContext {
  readonly cwd?: string;
}

/** Decides needs. Every method returns a proof or throws `SyscallFailure("EACCES")`. */
export interface Authority {
  /**
   * Decides all needs of one syscall, `located` in the same order, and returns their grants. It knows which end is
   * which in rename, link and copy, so dispatch should prefer it to the single grants.
   */
  grantAll<L extends Located>(needs: readonly Need[], located: readonly (L | undefined)[]): readonly Granted<L>[];
  /** `other` is the other end of rename, link and copy. */
  grantFs<L extends Located>(need: TreeNeed, located: L & TreeLocated, other?: OtherEnd): Granted<L>;
  /** Free inside the overlay, otherwise a quiet `fs.read`: nothing is logged, the caller answers "not found". */
  grantModule<L extends Located>(need: ModuleNeed, located: L): Granted<L>;
  /** As commands, connections have no place. */
  grantNetwork(need: NetworkNeed): Granted;
  /** One grant for each address of the host at which a server bound here inside the sandbox may be reached. */
  grantListening(address: string, port: number, protocol: "tcp" | "udp"): readonly Granted[];
  /** A granted look-up answered with these addresses: rules about the name hold for them, in this run. */
  learn(hostname: string, addresses: readonly string[]): void;
  /** The grant's `located` is an empty place: commands have none. */
  grantCommand(need: CommandNeed, context?: CommandContext): Granted;
  /** Throws where a function the embedder offered is not allowed by `permissions.bindings`. */
  checkBinding(name: string): void;
}

const nowhere: Located = Object.freeze({ path: "", overlay: false, failure: undefined });

/** The only maker of grants: the proof is a type-level mark without a value, so it takes one cast. */
const prove = <L extends Located>(need: Need, located: L): Granted<L> => ({ need, located }) as unknown as Granted<L>;

const denied = (sandboxCode: string): SyscallFailure => new SyscallFailure("EACCES", { sandboxCode });

/** Whether the needs are the two ends of one operation, rather than two rights on one path. */
const isPair = ([first, second]: readonly Need[]): boolean =>
  first?.domain === "fs" &&
  second?.domain === "fs" &&
  (second.op === "copy" || (first.op === second.op && (second.op === "rename" || second.op === "link")));

const otherEnd = (located: readonly (TreeLocated | undefined)[], index: number): OtherEnd | undefined => {
  const other = located[1 - index];
  return other && { role: index === 0 ? "to" : "from", path: other.path, directory: other.directory === true };
};

/** Puts the question to the embedder's function. */
const askFunction = (ask: Ask, request: PermissionRequest): Verdict => {
  const answer = ask(request);
  const allowed = answer.allow === true;
  const cure = allowed ? "" : functionCure(request.domain);
  return { allowed, rule: "function", cure, ...(answer.reason === undefined ? {} : { reason: answer.reason }) };
};

/** Decides against a list of exact names with `*` for all. */
const byName = (names: readonly string[] | undefined, name: string, cure: string): Verdict => {
  const rule = names?.includes(name) ? name : names?.includes("*") ? "*" : undefined;
  return rule === undefined ? { allowed: false, rule: "no rule", cure } : { allowed: true, rule, cure: "" };
};

/**
 * Compiles permissions into the authority of one run. Rules are evaluated here; domains decided by a function go
 * through `ask` every time.
 * @throws RangeError for a rule that is no pattern; validated options never have one.
 */
export function compilePermissions(config: WirePermissions, ask: Ask, powers: AuthorityPowers = {}): Authority {
  const { onDecision } = powers;
  const judgeFs = compileFsJudge(config.fs, (request) => askFunction(ask, request));
  const judgeNetwork = compileNetworkJudge(config.network, ask);
  const { childProcess, bindings } = config;

  const settle = (domain: Decision["domain"], op: string, resource: string, verdict: Verdict, code: string): void => {
    onDecision?.({ domain, op, resource, ...verdict });
    if (!verdict.allowed) throw denied(code);
  };

  const authority: Authority = {
    grantAll(needs, located) {
      const pair = isPair(needs);
      return needs.map((need, index) => {
        const place = located[index];
        if (need.domain === "childProcess") return authority.grantCommand(need) as Granted<never>;
        if (need.domain === "network") return authority.grantNetwork(need) as Granted<never>;
        if (place === undefined) throw new TypeError(`no place for the need ${need.domain} of ${need.path}`);
        if (need.domain === "module") return authority.grantModule(need, place);
        return authority.grantFs(need, place, pair ? otherEnd(located, index) : undefined);
      });
    },
    grantFs(need, located, other) {
      const verdict = judgeFs(need, located, other);
      settle("fs", need.op, located.path, verdict, "ERR_SANDBOX_FS_DENIED");
      return prove(need, located);
    },
    grantModule(need, located) {
      if (!located.overlay) {
        const asRead: FsNeed = { domain: "fs", op: "read", path: need.path, follow: need.follow };
        if (!judgeFs(asRead, located).allowed) throw denied("ERR_SANDBOX_FS_DENIED");
      }
      return prove(need, located);
    },
    grantNetwork(need) {
      const verdict = judgeNetwork.decide(need);
      const resource = need.op === "lookup" ? need.hostname : `${need.hostname}:${need.port}`;
      settle("network", need.op, resource, verdict, verdict.sandboxCode ?? "ERR_SANDBOX_NETWORK_DENIED");
      return prove(need, nowhere);
    },
    grantListening(address, port, protocol) {
      return judgeNetwork.exposures(address, port, protocol).map(({ address: hostname, rule }) => {
        const resource = `${hostname}:${port}`;
        onDecision?.({ domain: "network", op: "listen", resource, allowed: true, rule, cure: "" });
        return prove({ domain: "network", op: "listen", protocol, hostname, port }, nowhere);
      });
    },
    learn: (hostname, addresses) => judgeNetwork.learn(hostname, addresses),
    grantCommand(need, context = {}) {
      const { command, args } = need;
      const verdict =
        childProcess !== undefined && "ask" in childProcess
          ? askFunction(ask, { domain: "childProcess", op: "spawn", command, args, ...context })
          : byName(childProcess?.commands, command, commandCure(command));
      settle("childProcess", "spawn", command, verdict, "ERR_SANDBOX_CHILD_PROCESS_DENIED");
      return prove(need, nowhere);
    },
    checkBinding(name) {
      const verdict =
        bindings !== undefined && "ask" in bindings
          ? askFunction(ask, { domain: "bindings", op: "call", name })
          : byName(bindings, name, bindingCure(name));
      settle("bindings", "call", name, verdict, "ERR_SANDBOX_BINDING_DENIED");
    },
  };
  return authority;
}
