import { BoundedMap } from "../bounded-map.ts";
import { formatIp, type Ip, parseHost, parseIp } from "./ip.ts";
import { rangeOf } from "./ranges.ts";

/** Addresses remembered in one run; the oldest is forgotten first. */
const MAX_ADDRESSES = 4096;
/** Names remembered for one address. */
const MAX_NAMES = 16;

/**
 * Which names led to which addresses in one run. A rule about a name covers a connection only where a look-up of that
 * very name, made here, answered with the address that is connected to. What the guest says about it counts nothing.
 */
export class Pins {
  readonly #names = new BoundedMap<string, readonly string[]>(MAX_ADDRESSES);

  /** A look-up of the name answered with these addresses. */
  learn(hostname: string, addresses: readonly string[]): void {
    const host = parseHost(hostname);
    if (host?.kind !== "name") return;
    for (const address of addresses) {
      const ip = parseIp(address);
      if (ip === undefined) continue;
      const key = formatIp(ip);
      const others = (this.#names.get(key) ?? []).filter((name) => name !== host.name);
      this.#names.set(key, [host.name, ...others].slice(0, MAX_NAMES));
    }
  }

  /** The names that lead to an address, the latest first. `localhost` always leads to loopback. */
  namesOf(ip: Ip): readonly string[] {
    const learned = this.#names.get(formatIp(ip)) ?? [];
    return rangeOf(ip)?.[0] === "loopback" ? [...learned, "localhost"] : learned;
  }
}
