import { RecordType } from "@vivarium/bridge/contract";
import type { Report } from "../../channel/messages.ts";
import { SyscallFailure } from "../../errors/failure.ts";
import type { Granted } from "../../permissions/granted.ts";
import { formatIp, parseHost } from "../../permissions/network/ip.ts";
import { networkNeedOf } from "../../permissions/network/need.ts";
import type { Outside } from "../../syscalls/driver.ts";
import type { HostRecord, HostRecords } from "../../syscalls/outside-resolver.ts";

export interface LookupParts {
  report(report: Extract<Report, { type: "lookup" }>): void;
  /** Calls that the supervisor answers, by token. */
  readonly pending: Map<number, (ok: boolean, body: Uint8Array) => void>;
  readonly nextToken: () => number;
}

type Family = 0 | 4 | 6;

/** The types of records that are addresses, and the family of each. */
const FAMILIES: Readonly<Record<number, Family>> = { [RecordType.A]: 4, [RecordType.AAAA]: 6 };

const record = (address: string): HostRecord => ({
  type: address.includes(":") ? RecordType.AAAA : RecordType.A,
  ttl: 0,
  fields: [address],
});

/** c-ares' names for what getaddrinfo says. */
const RESOLVER_CODES: Readonly<Record<string, string>> = { EAI_NONAME: "ENOTFOUND", EAI_NODATA: "ENODATA" };

const asResolver = (failure: SyscallFailure): never => {
  throw new SyscallFailure(RESOLVER_CODES[failure.code] ?? "ESERVFAIL");
};

/**
 * The network outside where the embedder says which addresses a name has. It speaks alone: no other resolver teaches a
 * run an address, which is what rules about names believe.
 */
export function askingEmbedder(outside: Outside, { report, pending, nextToken }: LookupParts): Outside {
  const ask = (granted: Granted, family: Family): Promise<readonly string[]> => {
    const host = parseHost(networkNeedOf(granted).hostname);
    if (host === undefined) throw new SyscallFailure("EAI_NONAME");
    if (host.kind === "address") {
      if (family !== 0 && family !== host.ip.family) throw new SyscallFailure("EAI_NONAME");
      return Promise.resolve([formatIp(host.ip)]);
    }
    const token = nextToken();
    const answered = new Promise<readonly string[]>((resolve, reject) => {
      pending.set(token, (ok, body) => {
        const text = Buffer.from(body).toString("latin1");
        ok ? resolve(text.split(" ")) : reject(new SyscallFailure(text));
      });
    });
    report({ type: "lookup", token, hostname: host.name, family });
    return answered;
  };
  const addresses = async (granted: Granted, family: Family): Promise<readonly HostRecord[]> => {
    const found = await ask(granted, family).catch(asResolver);
    return found.map(record);
  };
  return {
    ...outside,
    lookup: async (granted, family) => ask(granted, family as Family),
    resolver: {
      resolve(granted, type, timeoutMs): HostRecords {
        const family = FAMILIES[type];
        if (family !== undefined) return { records: addresses(granted, family), cancel: () => undefined };
        const { records, cancel } = outside.resolver.resolve(granted, type, timeoutMs);
        // A question for everything answers with addresses too, which are not the embedder's.
        const others = records.then((all) => all.filter((one) => FAMILIES[one.type] === undefined));
        return { records: others, cancel };
      },
    },
  };
}
