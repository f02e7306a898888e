import { type Bound, candidatesFor, covers, destinationOf, innerAddress, type Protocol } from "./address.ts";

/** A socket that listens. */
export interface Listening extends Bound {
  readonly protocol: Protocol;
  /** 0 for pipes. */
  readonly port: number;
}

/** Of the sockets that listen, the one that takes connections to this address: the closest that is bound to it. */
export function closestTo<T extends Listening>(
  sockets: Iterable<T>,
  protocol: Protocol,
  address: string,
  port: number,
): T | undefined {
  const inner = protocol === "pipe" ? address : innerAddress(address);
  if (inner === undefined) return undefined;
  const names = protocol === "pipe" ? [inner] : candidatesFor(destinationOf(inner));
  const listening = [...sockets].filter((socket) => socket.protocol === protocol && socket.port === port);
  for (const name of names) {
    const found = listening.find((socket) => socket.address === name);
    if (found && (protocol === "pipe" || covers(found, destinationOf(inner)))) return found;
  }
  return undefined;
}
