import type { Protocol } from "../../cell/loopback/address.ts";
import { overlaps } from "../../cell/loopback/address.ts";
import { closestTo, type Listening } from "../../cell/loopback/closest.ts";

/** Sockets of one process that are known here; its cell bounds them by the same number. */
const MOST_SOCKETS = 4096;

interface Entry<Owner> extends Listening {
  readonly owner: Owner;
}

/** Which process of the tree listens where. */
export class Listeners<Owner extends object> {
  readonly #sockets = new Map<Owner, Map<number, Entry<Owner>>>();
  /** Called whenever a socket begins to listen. */
  readonly watchers = new Set<() => void>();

  /** @param socket the cell's number of it. What is more than a cell may have is not found. */
  add(owner: Owner, socket: number, { protocol, address, port, ipv6Only }: Listening): void {
    const own = this.#sockets.get(owner) ?? new Map<number, Entry<Owner>>();
    if (own.size >= MOST_SOCKETS) return;
    this.#sockets.set(owner, own);
    own.set(socket, { owner, protocol, address, port, ipv6Only });
    for (const look of [...this.watchers]) look();
  }

  remove(owner: Owner, socket: number): void {
    this.#sockets.get(owner)?.delete(socket);
  }

  /** The process is gone. */
  removeAll(owner: Owner): void {
    this.#sockets.delete(owner);
  }

  /** The process that takes connections to this address. */
  serving(protocol: Protocol, address: string, port: number): Owner | undefined {
    return closestTo(this.#others(undefined), protocol, address, port)?.owner;
  }

  /** Another process that takes connections to this address. */
  servedBy(asker: Owner, protocol: Protocol, address: string, port: number): Owner | undefined {
    return closestTo(this.#others(asker), protocol, address, port)?.owner;
  }

  /** Whether another process listens where this socket would be bound. */
  isTaken(asker: Owner, socket: Listening): boolean {
    const { protocol, port, address } = socket;
    return this.#others(asker).some(
      (other) =>
        other.protocol === protocol &&
        other.port === port &&
        (protocol === "pipe" ? other.address === address : overlaps(socket, other)),
    );
  }

  #others(asker: Owner | undefined): readonly Entry<Owner>[] {
    return [...this.#sockets].flatMap(([owner, sockets]) => (owner === asker ? [] : [...sockets.values()]));
  }
}
