import { decodeWire, encodeWire } from "../../contract/wire.ts";
import { brands } from "../lib/brands.ts";
import { type CloneContext, CloneMessage, type MessageParts, type Packet } from "../lib/clone-message.ts";
import { append } from "../lib/define.ts";
import { revived } from "../lib/host-objects.ts";
import { arrayIsArray, numberIsSafeInteger, typedArrayTag } from "../primordials.ts";
import { MAX_FRAME_BYTES } from "./frames.ts";

/** How a host object stands in a message's bytes. */
const PORT = 0;
const SCRIPT = 1;
const PORTABLE = 2;
/** A port whose channel is wholly on the other side. */
const RETURN = 3;

/** Room for what a frame has beside a message. */
const MAX_MESSAGE_BYTES = MAX_FRAME_BYTES - 1024;

/** What a message needs of the connection it goes over. */
export interface Crossing {
  readonly context: CloneContext;
  /** Gives a channel's end away -> its number on the connection. */
  send(end: unknown): number;
  /** The number of the other end, where the other thread has that one: there the channel is a local one again. */
  sendBack(end: unknown): number | undefined;
  /** The end behind a number the other thread gave. Nothing where it is none to be given. */
  receive(number: number): unknown;
  /** The end this thread had sent there under the number. */
  receiveBack(number: number): unknown;
  /** Memory that stands for the library's counter of changes of directory. */
  counter(): object | undefined;
}

function packetOf(packet: Packet, crossing: Crossing): unknown[] | undefined {
  switch (packet.kind) {
    case "port": {
      const back = crossing.sendBack(packet.end);
      return back === undefined ? [PORT, crossing.send(packet.end)] : [RETURN, back];
    }
    case "script":
      return [SCRIPT, packet.info];
    case "direct":
      return packet.portable && [PORTABLE, packet.portable.kind, packet.portable.data];
  }
}

/** A message as bytes. One that cannot go arrives as one that cannot be opened, as it does on Node. */
export function encodeMessage({ parts }: CloneMessage, crossing: Crossing, counter: object | undefined): Uint8Array {
  const nothing = (): Uint8Array => encodeWire(undefined, MAX_MESSAGE_BYTES);
  if (!parts) return nothing();
  const { bytes, buffers, shared, packets } = parts;
  for (let i = 0; i < shared.length; i++) if (shared[i] !== counter) return nothing();
  const list: unknown[] = [];
  for (let i = 0; i < packets.length; i++) {
    const packet = packetOf(packets[i] as Packet, crossing);
    if (!packet) return nothing();
    append(list, packet);
  }
  return encodeWire([bytes, buffers, shared.length, list], MAX_MESSAGE_BYTES);
}

function received(packet: unknown, crossing: Crossing): Packet | undefined {
  if (!arrayIsArray(packet)) return undefined;
  const { 0: kind, 1: value, 2: data } = packet as unknown[];
  if (kind === PORT || kind === RETURN) {
    if (!numberIsSafeInteger(value)) return undefined;
    const end = kind === PORT ? crossing.receive(value as number) : crossing.receiveBack(value as number);
    return end === undefined ? undefined : { kind: "port", end };
  }
  if (typeof value !== "string") return undefined;
  if (kind === SCRIPT) return { kind: "script", info: value };
  const portable = { kind: value, data };
  const { realm } = crossing.context;
  return { kind: "direct", make: () => revived(portable, (id) => realm.requireBuiltin(id)) ?? {}, portable };
}

function partsOf(value: unknown, crossing: Crossing): MessageParts | undefined {
  if (!arrayIsArray(value)) return undefined;
  const { 0: bytes, 1: buffers, 2: sharedCount, 3: list } = value as unknown[];
  if (typedArrayTag(bytes) !== "Uint8Array" || !arrayIsArray(buffers) || !arrayIsArray(list)) return undefined;
  for (let i = 0; i < buffers.length; i++) if (!brands.isArrayBuffer(buffers[i])) return undefined;
  const packets: Packet[] = [];
  for (let i = 0; i < list.length; i++) {
    const packet = received(list[i], crossing);
    if (!packet) return undefined;
    append(packets, packet);
  }
  // There is one kind of memory that may stand here, and one of it.
  const counter = crossing.counter();
  const shared = typeof sharedCount === "number" && sharedCount > 0 && counter ? [counter] : [];
  return { bytes: bytes as Uint8Array, buffers: buffers as ArrayBuffer[], shared, packets };
}

/** Reads a message. @returns nothing for bytes that are none */
export function decodeMessage(payload: Uint8Array, crossing: Crossing): CloneMessage | undefined {
  try {
    const value = decodeWire(payload);
    if (value === undefined) return new CloneMessage(crossing.context, undefined);
    const parts = partsOf(value, crossing);
    return parts && new CloneMessage(crossing.context, parts);
  } catch {
    return undefined;
  }
}
