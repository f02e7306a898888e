import type { NetworkNeed } from "@vivarium/bridge/contract";
import { SyscallFailure } from "../../errors/failure.ts";
import type { Granted } from "../granted.ts";
import { formatIp, parseIp } from "./ip.ts";

/** What was granted, of a grant for a step towards the network. @throws TypeError for any other grant */
export function networkNeedOf({ need }: Granted): NetworkNeed {
  if (need.domain !== "network") throw new TypeError(`a grant of ${need.domain} where one of the network is needed`);
  return need;
}

/** The address and port of a grant, for datagrams. */
export interface GrantedAddress {
  readonly family: 4 | 6;
  /** In its plain form, which leads nowhere else than what was decided about. */
  readonly address: string;
  readonly port: number;
}

/** The very address that was granted. @throws SyscallFailure EINVAL where the grant is about a name */
export function grantedAddress(granted: Granted): GrantedAddress {
  const { hostname, port } = networkNeedOf(granted);
  const ip = parseIp(hostname);
  if (ip === undefined || port < 0 || port > 65_535) throw new SyscallFailure("EINVAL");
  return { family: ip.family, address: formatIp(ip), port };
}
