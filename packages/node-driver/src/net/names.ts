import { isIP } from "node:net";
import { type Granted, networkNeedOf, SyscallFailure } from "@vivarium/core/cell";
import { late } from "../late.ts";

/** What getaddrinfo(3) says, as libuv names it; Node's own errors show them in part under a name of its own. */
const RESOLVER_CODES: Readonly<Record<string, string>> = {
  ENOTFOUND: "EAI_NONAME",
  ENODATA: "EAI_NODATA",
};

function failed(error: unknown): SyscallFailure {
  const { code } = error as NodeJS.ErrnoException;
  const named = typeof code === "string" && /^(E|EAI_)[A-Z0-9]+$/.test(code.replace("EAI_", "E"));
  return new SyscallFailure(named ? (RESOLVER_CODES[code] ?? code) : "EAI_FAIL");
}

/** The addresses of the granted name as the host's resolver orders them (getaddrinfo). @param family 4, 6, 0: both */
export async function lookup(granted: Granted, family: number): Promise<readonly string[]> {
  const { hostname } = networkNeedOf(granted);
  try {
    const found = await late.dns.lookup(hostname, { all: true, family, order: "verbatim" });
    return found.map(({ address }) => address);
  } catch (error) {
    throw failed(error);
  }
}

/** The name of the granted address and of the service at a port (getnameinfo). */
export async function reverse(granted: Granted, port: number): Promise<readonly [hostname: string, service: string]> {
  const { hostname: address } = networkNeedOf(granted);
  if (isIP(address) === 0 || port < 0 || port > 65_535) throw new SyscallFailure("EINVAL");
  try {
    const { hostname, service } = await late.dns.lookupService(address, port);
    return [hostname, service];
  } catch (error) {
    throw failed(error);
  }
}
