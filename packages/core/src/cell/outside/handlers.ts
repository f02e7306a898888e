import { SyscallFailure } from "../../errors/failure.ts";
import type { Granted } from "../../permissions/granted.ts";
import { networkNeedOf } from "../../permissions/network/need.ts";
import type { Handlers, Outside, OutsideConnection } from "../../syscalls/driver.ts";
import type { Streams } from "../streams.ts";
import type { Sockets } from "./sockets.ts";

export interface OutsideParts {
  readonly outside: Outside;
  readonly streams: Streams;
  readonly learn: (hostname: string, addresses: readonly string[]) => void;
  readonly sockets: Sockets;
}

/** Each of these syscalls declares one need. */
const grantOf = (grants: readonly Granted[]): Granted => grants[0] as Granted;

/** The handlers of `network`: the driver connects, the streams and their number are kept here. */
export function networkHandlers({ outside, streams, learn, sockets }: OutsideParts): Handlers<"network"> {
  const flat = ({ stream, local, remote }: OutsideConnection) => [
    streams.add(stream),
    local.address,
    local.port,
    remote.address,
    remote.port,
  ];
  return {
    lookup: async (grants, _hostname, family) => {
      if (family !== 0 && family !== 4 && family !== 6) throw new SyscallFailure("EINVAL");
      const granted = grantOf(grants);
      const addresses = await outside.lookup(granted, family);
      learn(networkNeedOf(granted).hostname, addresses);
      return addresses;
    },
    reverse: async (grants, _address, port) => outside.reverse(grantOf(grants), port),
    connect: async (grants, _address, _port, ownAddress, ownPort) =>
      flat(
        await sockets.connect((signal) =>
          outside.connect(grantOf(grants), { address: ownAddress, port: ownPort }, signal),
        ),
      ),
  };
}
