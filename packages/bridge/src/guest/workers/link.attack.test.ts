import { describe, expect, it } from "vitest";
import { encodeWire } from "../../contract/wire.ts";
import { brands } from "../lib/brands.ts";
import { type CloneContext, CloneMessage } from "../lib/clone-message.ts";
import { type ChannelEnd, Ports } from "../lib/message-port.ts";
import { fakeRealm } from "../testing.ts";
import { encodeFrame, Kind, MAX_FRAME_BYTES } from "./frames.ts";
import { Link } from "./link.ts";
import type { Threads } from "./threads.ts";

const STREAM = 7;

/** One side of a connection whose other side the test plays, byte by byte. */
function setUp() {
  const sent: Uint8Array[] = [];
  const ends: boolean[] = [];
  let read: ((failure: undefined, bytes: Uint8Array) => void) | undefined;
  let isClosed = false;
  const realm = fakeRealm({
    loop: {},
    symbols: { messaging_clone_symbol: Symbol("clone"), messaging_transfer_symbol: Symbol("transfer") },
    privateSymbols: {
      transfer_mode_private_symbol: Symbol("mode"),
      untransferable_object_private_symbol: Symbol("no"),
    },
    start: (name: string, settle: typeof read) => {
      if (name === "stream.read") read = settle;
    },
    sys: {
      stream: {
        writeNow: (_stream: number, data: Uint8Array) => sent.push(data) && data.length,
        close: () => {
          isClosed = true;
        },
      },
    },
  } as never);
  const ports = new Ports(realm, () => () => {});
  const context: CloneContext = {
    realm,
    ports,
    types: brands,
    domException: () => DOMException,
    createObject: () => () => ({}),
  };
  const threads = { ports, context, counter: undefined, heard: () => {} } as unknown as Threads;
  const link = new Link(realm, threads, true, {
    cwd: () => {},
    query: () => {},
    answer: () => {},
    end: (isBroken) => void ends.push(isBroken),
  });
  const first: ChannelEnd = link.first();
  link.attach(STREAM);
  return {
    first,
    sent,
    ends,
    push: (data: Uint8Array) => read?.(undefined, data),
    get isClosed() {
      return isClosed;
    },
    message: (value: unknown) => CloneMessage.pack(context, value, []),
  };
}

const messageBytes = (value: unknown): Uint8Array => {
  const { message } = setUp();
  return message(value).parts?.bytes ?? new Uint8Array(0);
};
const frame = (port: number, value: unknown, kind: number = Kind.message) =>
  encodeFrame(port, kind, value instanceof Uint8Array ? value : encodeWire(value, MAX_FRAME_BYTES));
const withPackets = (packets: unknown) => [messageBytes(1), [], 0, packets];
const lengthOf = (bytes: number): Uint8Array => {
  const header = frame(0, new Uint8Array(0));
  new DataView(header.buffer).setUint32(0, bytes, true);
  return header;
};

describe("a connection of threads", () => {
  it("hands on what is a message", () => {
    const side = setUp();
    side.push(frame(0, withPackets([])));
    expect(side.first.queue.map((each) => each?.open())).toEqual([1]);
    expect([side.ends, side.isClosed]).toEqual([[], false]);
  });

  it.each([
    ["a length no frame has", lengthOf(0xffff_ffff)],
    ["a kind that is none", frame(0, 1, 99)],
    ["a payload that is no value", frame(0, new Uint8Array([9, 9, 9]))],
    ["a payload that is no message", frame(0, "text")],
    ["a message without its parts", frame(0, [1])],
    ["buffers that are none", frame(0, [messageBytes(1), [1], 0, []])],
    ["packets that are none", frame(0, withPackets([1, 2]))],
    ["a port under a number of this side's", frame(0, withPackets([[0, 2]]))],
    ["a port under the first number", frame(0, withPackets([[0, 0]]))],
    ["a port under no number", frame(0, withPackets([[0, -1]]))],
    [
      "a port twice",
      frame(
        0,
        withPackets([
          [0, 1],
          [0, 1],
        ]),
      ),
    ],
    ["the return of a port that was not sent", frame(0, withPackets([[3, 4]]))],
    ["a broadcast without a name", frame(0, [1, 2], Kind.broadcast)],
  ])("ends with %s", (_what, bytes) => {
    const side = setUp();
    side.push(bytes);
    expect([side.ends, side.isClosed]).toEqual([[true], true]);
    // The port hears of it as of any end.
    expect(side.first.queue).toEqual([undefined]);
    side.push(frame(0, withPackets([])));
    expect(side.first.queue).toEqual([undefined]);
  });

  it.each([
    ["a message for an unknown port", frame(12_345, withPackets([]))],
    ["the end of an unknown port", frame(12_345, 0, Kind.close)],
    ["the return of an unknown port", frame(12_345, 0, Kind.over)],
  ])("lets %s pass: it may have been on its way", (_what, bytes) => {
    const side = setUp();
    side.push(bytes);
    expect([side.ends, side.first.queue, side.sent]).toEqual([[], [], []]);
  });

  it("opens no more than so many ports", () => {
    const side = setUp();
    for (let base = 0; base < 70_000 && side.ends.length === 0; base += 1000) {
      const packets = Array.from({ length: 1000 }, (_, i) => [0, (base + i) * 2 + 1]);
      side.push(frame(0, withPackets(packets)));
    }
    expect(side.ends).toEqual([true]);
  });

  it("a message that cannot be opened is an error of its reader's alone", () => {
    const side = setUp();
    side.push(frame(0, [new Uint8Array([0xff, 0x0f, 0x6f]), [], 0, []]));
    expect(() => side.first.queue[0]?.open()).toThrow();
    expect(side.ends).toEqual([]);
  });
});
