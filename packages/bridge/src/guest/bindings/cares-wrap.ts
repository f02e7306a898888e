import { SyscallError } from "../client.ts";
import { implement } from "../lib/implement.ts";
import { Bytes } from "../lib/intrinsics.ts";
import { type AddressBytes, formatAddress, parseAddress } from "../lib/ip-address.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { ownAddresses, ownService } from "../lib/own-names.ts";
import { errnoOf } from "../lib/uvexception.ts";
import type { InstallBinding, Realm } from "../realm.ts";
import { Request, requestClass } from "./request-wrap.ts";

/** 0, or the negative errno of what the host says to a step towards the network. */
export function networkStatus(realm: Realm, step: () => void): number {
  try {
    step();
    return 0;
  } catch (error) {
    if (error instanceof SyscallError) return errnoOf(realm, error.code);
    throw error;
  }
}

const parseAny = (text: string): AddressBytes | undefined => parseAddress(text, false) ?? parseAddress(text, true);

/**
 * `internalBinding('cares_wrap')` (src/cares_wrap.cc): names of the machine itself are answered here; every other name
 * is decided by permission, and nobody resolves it yet.
 */
export const install: InstallBinding = (binding, realm) => {
  /** Answers a request in a callback of its own. */
  const answer = (request: object, kind: string, provider: string, args: readonly unknown[]): number => {
    const started = new Request(realm, request, provider, kind);
    realm.loop.complete(() => started.finish(...args));
    return 0;
  };
  const getaddrinfo = (request: object, hostname: string, family: number, _hints: number, order: number): number => {
    const addresses = ownAddresses(hostname, realm.config.os.hostname, family, order);
    if (!addresses) return networkStatus(realm, () => realm.sys.network.lookup(hostname));
    const result = addresses.length > 0 ? [0, addresses] : [errnoOf(realm, "EAI_NONAME"), null];
    return answer(request, "GetAddrInfoReqWrap", "GETADDRINFOREQWRAP", result);
  };
  const getnameinfo = (request: object, address: string, port: number): number => {
    const names = ownService(address, port);
    if (!names) return networkStatus(realm, () => realm.sys.network.lookup(address));
    return answer(request, "GetNameInfoReqWrap", "GETNAMEINFOREQWRAP", [0, names[0], names[1]]);
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
  binding["GetAddrInfoReqWrap"] = requestClass(realm, "GetAddrInfoReqWrap");
  binding["GetNameInfoReqWrap"] = requestClass(realm, "GetNameInfoReqWrap");
};
