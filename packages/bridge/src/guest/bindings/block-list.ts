import { bindingError } from "../lib/binding-error.ts";
import { append, putOwn } from "../lib/define.ts";
import { registerHostObject, registerReviver } from "../lib/host-objects.ts";
import { type AddressBytes, compareAddresses, formatAddress, inNetwork, parseAddress } from "../lib/ip-address.ts";
import type { InstallBinding } from "../realm.ts";

/** Address family numbers of the binding (Linux). */
const AF_INET = 2;
const AF_INET6 = 10;

interface Rule {
  readonly text: string;
  matches(address: AddressBytes): boolean;
}

const SOCKET_ADDRESS = "SocketAddress";

/** The handle under `net.SocketAddress`. */
class SocketAddress {
  readonly #bytes: AddressBytes;
  readonly #port: number;
  readonly #flowLabel: number;

  constructor(address: string, port: number, family: number, flowLabel: number) {
    const bytes = parseAddress(address, family === AF_INET6);
    if (!bytes) throw bindingError("Error", "ERR_INVALID_ADDRESS", "Invalid socket address");
    this.#bytes = bytes;
    this.#port = port;
    this.#flowLabel = family === AF_INET6 ? flowLabel : 0;
    registerHostObject(this, {
      clone: () => new SocketAddress(address, port, family, flowLabel),
      portable: () => ({ kind: SOCKET_ADDRESS, data: [address, port, family, flowLabel] }),
    });
  }

  static bytesOf(address: SocketAddress): AddressBytes {
    return address.#bytes;
  }

  detail(into: object): object {
    putOwn(into, "address", formatAddress(this.#bytes));
    putOwn(into, "port", this.#port);
    putOwn(into, "family", this.#bytes.length === 4 ? AF_INET : AF_INET6);
    putOwn(into, "flowlabel", this.#flowLabel);
    return into;
  }

  legacyDetail(into: object): object {
    putOwn(into, "address", formatAddress(this.#bytes));
    putOwn(into, "family", this.#bytes.length === 4 ? "IPv4" : "IPv6");
    putOwn(into, "port", this.#port);
    return into;
  }

  flowlabel(): number {
    return this.#flowLabel;
  }
}

registerReviver(SOCKET_ADDRESS, (data) => {
  const { 0: address, 1: port, 2: family, 3: flowLabel } = data as [string, number, number, number];
  return new SocketAddress(address, port, family, flowLabel);
});

const family = (bytes: AddressBytes): string => (bytes.length === 4 ? "IPv4" : "IPv6");

/** The handle under `net.BlockList`; clones share the rules. */
class BlockList {
  readonly #rules: Rule[];

  constructor() {
    this.#rules = sharedRules ?? [];
    sharedRules = undefined;
    registerHostObject(this, {
      clone: () => {
        sharedRules = this.#rules;
        return new BlockList();
      },
    });
  }

  addAddress(address: SocketAddress): void {
    const bytes = SocketAddress.bytesOf(address);
    append(this.#rules, {
      text: `Address: ${family(bytes)} ${formatAddress(bytes)}`,
      matches: (candidate) => compareAddresses(candidate, bytes) === 0,
    });
  }

  addRange(start: SocketAddress, end: SocketAddress): boolean | undefined {
    const low = SocketAddress.bytesOf(start);
    const high = SocketAddress.bytesOf(end);
    if ((compareAddresses(low, high) ?? 0) > 0) return false;
    append(this.#rules, {
      text: `Range: ${family(low)} ${formatAddress(low)}-${formatAddress(high)}`,
      matches: (candidate) =>
        (compareAddresses(candidate, low) ?? -1) >= 0 && (compareAddresses(candidate, high) ?? 1) <= 0,
    });
    return undefined;
  }

  addSubnet(network: SocketAddress, prefix: number): void {
    const bytes = SocketAddress.bytesOf(network);
    append(this.#rules, {
      text: `Subnet: ${family(bytes)} ${formatAddress(bytes)}/${prefix}`,
      matches: (candidate) => inNetwork(candidate, bytes, prefix),
    });
  }

  check(address: SocketAddress): boolean {
    const bytes = SocketAddress.bytesOf(address);
    for (let i = 0; i < this.#rules.length; i++) if ((this.#rules[i] as Rule).matches(bytes)) return true;
    return false;
  }

  /** Texts of the rules, the newest first. */
  getRules(): string[] {
    const texts: string[] = [];
    for (let i = this.#rules.length - 1; i >= 0; i--) append(texts, (this.#rules[i] as Rule).text);
    return texts;
  }
}

/** Rules the next list is to share: the constructor takes none, being the program's to call. */
let sharedRules: Rule[] | undefined;

export const install: InstallBinding = (binding) => {
  binding.SocketAddress = SocketAddress;
  binding.BlockList = BlockList;
};
