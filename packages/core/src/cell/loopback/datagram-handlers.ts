import type { Granted } from "../../permissions/granted.ts";
import type { Handlers } from "../../syscalls/driver.ts";
import type { Datagrams } from "./datagrams.ts";

/** The handlers of `datagram`. */
export const datagramHandlers = (datagrams: Datagrams): Handlers<"datagram"> => ({
  bind: (_grants, address, port, ipv6Only, isShared) => datagrams.bind(address, port, ipv6Only, isShared),
  send: (_grants, socket, address, port, data) => datagrams.send(socket, address, port, data),
  sendOutside: async ([granted], socket, _address, _port, data) => {
    await datagrams.sendOutside(socket, granted as Granted, data);
    return undefined;
  },
  setMembership: (_grants, socket, group, isMember) => {
    datagrams.setMembership(socket, group, isMember);
    return undefined;
  },
  receive: async (_grants, socket) => {
    const { data, from } = await datagrams.receive(socket);
    return [data, from.address, from.port];
  },
  close: (_grants, socket) => {
    datagrams.close(socket);
    return undefined;
  },
});
