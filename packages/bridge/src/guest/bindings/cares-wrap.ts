import { type Settle, SyscallError } from "../client.ts";
import { implement } from "../lib/implement.ts";
import { Bytes } from "../lib/intrinsics.ts";
import { type AddressBytes, formatAddress, parseAddress } from "../lib/ip-address.ts";
import { refusedStatus } from "../lib/network-status.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { ORDER_IPV4_FIRST, ORDER_IPV6_FIRST, ownAddresses, ownService } from "../lib/own-names.ts";
import { isAddress } from "../lib/socket-address.ts";
import { errnoOf } from "../lib/uvexception.ts";
import { ArrayProto } from "../primordials.ts";
import type { InstallBinding } from "../realm.ts";
import { asyncObjects } from "./async-object.ts";
import { installDnsChannel } from "./dns-channel.ts";
import { Request } from "./request-wrap.ts";

type Ask = (settle: Settle) => void;

const parseAny = (text: string): AddressBytes | undefined => parseAddress(text, false) ?? parseAddress(text, true);

/** The order a program wants, kept by sorting: the resolver's own order stays within a family. */
function ordered(addresses: readonly string[], order: number): readonly string[] {
  const of = (isV6: boolean): string[] =>
    ArrayProto.filter(addresses as string[], (address) => isAddress(address as string, true) === isV6) as string[];
  if (order === ORDER_IPV4_FIRST) return ArrayProto.concat(of(false), of(true)) as string[];
  if (order === ORDER_IPV6_FIRST) return ArrayProto.concat(of(true), of(false)) as string[];
  return addresses;
}

/**
 * `internalBinding('cares_wrap')` (src/cares_wrap.cc): names of the machine itself are answered here, every other one by
 * the host's resolver as far as permission goes.
 */
export const install: InstallBinding = (binding, realm) => {
  /** Answers a request in a callback of its own. */
  const answer = (started: Request, args: readonly unknown[]): number => {
    realm.loop.complete(() => started.finish(...args));
    return 0;
  };
  /** Asks the host. @param tell what `oncomplete` gets of its answer */
  const ask = (started: Request, tell: (result: readonly unknown[]) => readonly unknown[], call: Ask): number => {
    const settle: Settle = (failure, result) =>
      started.finish(...(failure ? [refusedStatus(realm, failure)] : tell(result as readonly unknown[])));
    try {
      call(settle);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      realm.loop.complete(() => settle(error, undefined));
    }
    return 0;
  };
  const getaddrinfo = (request: object, hostname: string, family: number, _hints: number, order: number): number => {
    const started = new Request(realm, request, "GETADDRINFOREQWRAP", "GetAddrInfoReqWrap");
    const addresses = ownAddresses(hostname, realm.config.os.hostname, family, order);
    if (addresses) return answer(started, addresses.length > 0 ? [0, addresses] : [errnoOf(realm, "EAI_NONAME"), null]);
    const tell = (found: readonly unknown[]) => [0, ordered(found as readonly string[], order)];
    return ask(started, tell, (settle) => realm.start("network.lookup", settle, hostname, family));
  };
  const getnameinfo = (request: object, address: string, port: number): number => {
    const started = new Request(realm, request, "GETNAMEINFOREQWRAP", "GetNameInfoReqWrap");
    const names = ownService(address, port);
    if (names) return answer(started, [0, names[0], names[1]]);
    const tell = (found: readonly unknown[]) => [0, found[0], found[1]];
    return ask(started, tell, (settle) => realm.start("network.reverse", settle, address, port));
  };
  implement(binding, {
    getaddrinfo,
    getnameinfo,
    canonicalizeIP: (text: string) => {
      const bytes = parseAny(text);
      return bytes && formatAddress(bytes);
    },
    convertIpv6StringToBuffer: (text: string) => {
      const bytes = parseAddress(text, true);
      return bytes && asNodeBuffer(realm, new Bytes(bytes));
    },
  });
  installDnsChannel(binding, realm);
  const { AsyncWrap } = asyncObjects(realm);
  class GetAddrInfoReqWrap extends AsyncWrap {}
  binding["GetAddrInfoReqWrap"] = GetAddrInfoReqWrap;
  class GetNameInfoReqWrap extends AsyncWrap {}
  binding["GetNameInfoReqWrap"] = GetNameInfoReqWrap;
};
