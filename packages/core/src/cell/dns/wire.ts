import { Buffer } from "node:buffer";
import { SyscallFailure } from "../../errors/failure.ts";
import type { Granted } from "../../permissions/granted.ts";
import { grantedAddress } from "../../permissions/network/need.ts";
import type { OutsideDatagrams } from "../../syscalls/outside-datagrams.ts";
import type { CellStream } from "../cell-stream.ts";
import { destinationOf, innerAddress } from "../loopback/address.ts";
import type { Datagrams } from "../loopback/datagrams.ts";
import type { Traffic } from "../outside/traffic.ts";

/** A way to one server, for one question. Nobody else is heard on it. */
export interface Wire {
  send(message: Uint8Array): Promise<void>;
  /** The next message. Fails once it is closed. */
  receive(): Promise<Uint8Array>;
  close(): void;
}

/** Messages that wait for their reader; what floods in on top is lost. */
const MOST_WAITING = 64;

/** A server of the guest's own, by UDP inside the sandbox. @throws SyscallFailure ECONNREFUSED where there is none */
export function innerWire(datagrams: Datagrams, server: string, port: number, from: string): Wire {
  const inner = innerAddress(server);
  if (inner === undefined) throw new SyscallFailure("ECONNREFUSED");
  const there = destinationOf(inner);
  const [socket] = datagrams.bind(from === "" ? (there.includes(":") ? "::1" : "127.0.0.1") : from, 0, false, false);
  return {
    async send(message) {
      if (!datagrams.send(socket, server, port, message)) throw new SyscallFailure("ECONNREFUSED");
    },
    async receive() {
      for (;;) {
        const { data, from: sender } = await datagrams.receive(socket);
        if (sender.address === inner && sender.port === port) return data;
      }
    },
    close: () => datagrams.close(socket),
  };
}

/** The very server that was granted, by UDP from a port of its own. @throws SyscallFailure EINVAL where it is no address */
export function outerWire(outside: OutsideDatagrams, granted: Granted, traffic: Traffic): Wire {
  const { port } = grantedAddress(granted);
  if (port === 0) throw new SyscallFailure("EINVAL");
  const waiting: Uint8Array[] = [];
  let failure: Error | undefined;
  let wake: (() => void) | undefined;
  const fail = (error: Error): void => {
    failure ??= error;
    wake?.();
  };
  const socket = outside.dial(
    granted,
    ({ data }) => {
      try {
        traffic.take(data.byteLength);
      } catch (error) {
        return fail(error as SyscallFailure);
      }
      if (waiting.length < MOST_WAITING) waiting.push(data);
      wake?.();
    },
    fail,
  );
  return {
    async send(message) {
      traffic.take(message.byteLength);
      await socket.send(granted, message);
    },
    async receive() {
      for (;;) {
        const first = waiting.shift();
        if (first) return first;
        if (failure) throw failure;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    close() {
      fail(new SyscallFailure("ECANCELED"));
      socket.close();
    },
  };
}

/** A server by TCP: two bytes of length before each message (RFC 1035 4.2.2). */
export function streamWire(stream: CellStream): Wire {
  let read: Uint8Array<ArrayBufferLike> = Buffer.alloc(0);
  const take = async (bytes: number): Promise<Buffer> => {
    while (read.byteLength < bytes) {
      const chunk = await stream.read();
      if (chunk.byteLength === 0) throw new SyscallFailure("ECONNREFUSED");
      read = Buffer.concat([read, chunk]);
    }
    const taken = Buffer.from(read.subarray(0, bytes));
    read = read.subarray(bytes);
    return taken;
  };
  return {
    async send(message) {
      const framed = Buffer.alloc(message.byteLength + 2);
      framed.writeUInt16BE(message.byteLength);
      framed.set(message, 2);
      await stream.write(framed);
    },
    receive: async () => take((await take(2)).readUInt16BE()),
    close: () => stream.close(),
  };
}
