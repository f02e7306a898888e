import { part } from "../lib/bytes.ts";
import { Bytes } from "../lib/intrinsics.ts";
import { mathMin, StringProto, TypedArrayProto, typedArrayByteLength } from "../primordials.ts";
import type { Connection } from "./connection.ts";
import { DataReceiver } from "./data-receiver.ts";
import { ErrorCode, Failure } from "./errors.ts";
import { FrameHandler } from "./frame-handler.ts";
import { CLIENT_MAGIC, Flag, type FrameHead, FrameType, HEAD_SIZE, PRIORITY_SIZE, readHead } from "./frames.ts";
import { type BlockState, HeaderBlocks } from "./header-blocks.ts";
import { Answer, FatalFailure } from "./listener.ts";

/** What the next bytes are. */
type Reading = "magic" | "head" | "payload" | "data" | "skipped";

/** Frames a connection may get of one block of fields: more is a flood. */
const MAX_CONTINUATIONS = 8;
/** The one length a payload may have. */
function exactSize(type: number): number | undefined {
  switch (type) {
    case FrameType.priority:
      return PRIORITY_SIZE;
    case FrameType.rstStream:
    case FrameType.windowUpdate:
      return 4;
    case FrameType.ping:
      return 8;
    default:
      return undefined;
  }
}

/** Bytes every payload of this type has at least. */
function leastSize(type: number, flags: number): number {
  switch (type) {
    case FrameType.headers:
      return (flags & Flag.priority) !== 0 ? PRIORITY_SIZE : 0;
    case FrameType.pushPromise:
      return 4;
    case FrameType.goaway:
      return 8;
    case FrameType.altsvc:
      return 2;
    default:
      return 0;
  }
}

/** Flags that mean something; the others are not looked at. */
function meaningfulFlags(type: number): number {
  switch (type) {
    case FrameType.data:
      return Flag.endStream | Flag.padded;
    case FrameType.headers:
      return Flag.endStream | Flag.endHeaders | Flag.padded | Flag.priority;
    case FrameType.pushPromise:
      return Flag.endHeaders | Flag.padded;
    case FrameType.settings:
    case FrameType.ping:
      return Flag.ack;
    default:
      return Flag.none;
  }
}

/**
 * Reads frames into a connection, from bytes in pieces of any size. A payload is kept until it is whole, at most
 * SETTINGS_MAX_FRAME_SIZE of it; data is handed on as it comes.
 */
export class Receiver {
  readonly #connection: Connection;
  readonly #frames: FrameHandler;
  readonly #blocks: HeaderBlocks;
  readonly #data: DataReceiver;
  #reading: Reading;
  /** The other side's first frame has to be SETTINGS. */
  #isFirst = true;
  /** Beginning of a frame, of the magic, of a payload. */
  #held = new Bytes(HEAD_SIZE);
  #heldSize = 0;
  #head: FrameHead = { length: 0, type: 0, flags: 0, streamId: 0 };
  #left = 0;
  /** A block whose CONTINUATION is due. */
  #block: BlockState | undefined;
  #continuations = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#frames = new FrameHandler(connection);
    this.#blocks = new HeaderBlocks(connection);
    this.#data = new DataReceiver(connection);
    this.#reading = connection.isServer ? "magic" : "head";
  }

  /** @returns 0, or the failure that ends the connection */
  receive(bytes: Uint8Array): number {
    if (!this.#connection.wantsRead) return 0;
    try {
      const size = typedArrayByteLength(bytes);
      let at = 0;
      while (at < size && !this.#connection.isTerminating) at += this.#step(bytes, at, size);
      return 0;
    } catch (error) {
      if (error instanceof FatalFailure) return error.failure;
      throw error;
    }
  }

  /** @returns how many bytes it took */
  #step(bytes: Uint8Array, at: number, size: number): number {
    switch (this.#reading) {
      case "magic":
        return this.#readMagic(bytes, at, size);
      case "head":
        return this.#readHead(bytes, at, size);
      case "payload":
        return this.#readPayload(bytes, at, size);
      case "data": {
        const count = mathMin(size - at, this.#left);
        this.#left -= count;
        this.#data.receive(part(bytes, at, at + count), this.#left);
        if (this.#left === 0) this.#next();
        return count;
      }
      case "skipped": {
        const count = mathMin(size - at, this.#left);
        this.#left -= count;
        if (this.#left === 0) this.#next();
        return count;
      }
    }
  }

  #next(): void {
    this.#reading = "head";
    this.#heldSize = 0;
  }

  #readMagic(bytes: Uint8Array, at: number, size: number): number {
    const count = mathMin(size - at, CLIENT_MAGIC.length - this.#heldSize);
    for (let i = 0; i < count; i++) {
      if (bytes[at + i] !== StringProto.charCodeAt(CLIENT_MAGIC, this.#heldSize + i)) {
        throw new FatalFailure(Failure.badClientMagic);
      }
    }
    this.#heldSize += count;
    if (this.#heldSize === CLIENT_MAGIC.length) this.#next();
    return count;
  }

  /** Takes what is missing of so many bytes. */
  #hold(bytes: Uint8Array, at: number, size: number, wanted: number): number {
    const count = mathMin(size - at, wanted - this.#heldSize);
    if (typedArrayByteLength(this.#held) < wanted) {
      const larger = new Bytes(wanted);
      TypedArrayProto.set(larger, part(this.#held, 0, this.#heldSize), 0);
      this.#held = larger;
    }
    TypedArrayProto.set(this.#held, part(bytes, at, at + count), this.#heldSize);
    this.#heldSize += count;
    return count;
  }

  #readHead(bytes: Uint8Array, at: number, size: number): number {
    const count = this.#hold(bytes, at, size, HEAD_SIZE);
    if (this.#heldSize < HEAD_SIZE) return count;
    this.#heldSize = 0;
    const head = readHead(this.#held, 0);
    this.#head = head;
    this.#left = head.length;
    if (this.#block) this.#beginContinuation(head, this.#block);
    else this.#begin(head);
    return count;
  }

  #begin(head: FrameHead): void {
    const connection = this.#connection;
    if (this.#isFirst) {
      this.#isFirst = false;
      if (head.type !== FrameType.settings || (head.flags & Flag.ack) !== 0) {
        connection.listener.onSettingsExpected();
        connection.terminate(ErrorCode.protocol, "SETTINGS expected");
        return;
      }
    }
    if (head.length > connection.settings.local.maxFrameSize) {
      connection.terminate(ErrorCode.frameSize, "too large frame size");
      return;
    }
    head.flags &= meaningfulFlags(head.type);
    if (head.type === FrameType.continuation) {
      connection.terminate(ErrorCode.protocol, "CONTINUATION: unexpected");
    } else if (head.type === FrameType.data) {
      this.#beginData(head);
    } else if (this.#isKnown(head)) {
      this.#beginPayload(head);
    } else {
      connection.countGlitch();
      this.#skip();
    }
  }

  /** Frames this side has no use for are read past (RFC 9113 section 5.5). */
  #isKnown({ type, streamId }: FrameHead): boolean {
    if (type <= FrameType.windowUpdate) return true;
    if (this.#connection.isServer) return false;
    return type === FrameType.altsvc || (type === FrameType.origin && streamId === 0);
  }

  #skip(): void {
    if (this.#left === 0) this.#next();
    else this.#reading = "skipped";
  }

  #beginData(head: FrameHead): void {
    if (!this.#data.begin(head)) return;
    this.#reading = "data";
    if (head.length > 0) return;
    this.#data.receive(part(this.#held, 0, 0), 0);
    this.#next();
  }

  #beginPayload(head: FrameHead): void {
    const connection = this.#connection;
    const { type, length, flags } = head;
    const isPadded = (flags & Flag.padded) !== 0;
    if (isPadded && length < 1) {
      connection.terminate(
        ErrorCode.protocol,
        `${type === FrameType.headers ? "HEADERS" : "PUSH_PROMISE"}: insufficient padding space`,
      );
      return;
    }
    if (!this.#hasRightSize(head, isPadded)) {
      connection.terminate(ErrorCode.frameSize);
      return;
    }
    if (type === FrameType.priority) connection.countGlitch();
    if (type === FrameType.settings) this.#frames.beginSettings(head);
    if (connection.isTerminating) return;
    this.#reading = "payload";
    if (length === 0) this.#readPayload(this.#held, 0, 0);
  }

  #hasRightSize({ type, length, flags }: FrameHead, isPadded: boolean): boolean {
    const exact = exactSize(type);
    if (exact !== undefined) return length === exact;
    if (type === FrameType.settings) return length % 6 === 0 && (length === 0 || (flags & Flag.ack) === 0);
    return isPadded || length >= leastSize(type, flags);
  }

  #beginContinuation(head: FrameHead, block: BlockState): void {
    if (head.type !== FrameType.continuation || head.streamId !== block.frame.streamId) {
      const reason = "unexpected non-CONTINUATION frame or stream_id is invalid";
      this.#connection.terminate(ErrorCode.protocol, reason);
      return;
    }
    if (++this.#continuations > MAX_CONTINUATIONS) throw new FatalFailure(Failure.tooManyContinuations);
    if (head.length > this.#connection.settings.local.maxFrameSize) {
      this.#connection.terminate(ErrorCode.frameSize, "too large frame size");
      return;
    }
    block.frame.flags |= head.flags & Flag.endHeaders;
    block.frame.length += head.length;
    this.#reading = "payload";
    if (head.length === 0) this.#readPayload(this.#held, 0, 0);
  }

  #readPayload(bytes: Uint8Array, at: number, size: number): number {
    const { length } = this.#head;
    // Mostly it is there whole.
    const isWhole = this.#heldSize === 0 && size - at >= length;
    const count = isWhole ? length : this.#hold(bytes, at, size, length);
    if (!isWhole && this.#heldSize < length) return count;
    const payload = isWhole ? part(bytes, at, at + length) : part(this.#held, 0, length);
    // A large one does not stay.
    if (!isWhole) this.#held = new Bytes(HEAD_SIZE);
    this.#next();
    this.#take(payload);
    return count;
  }

  #take(payload: Uint8Array): void {
    const block = this.#block;
    if (block) {
      this.#takeBlock(block, payload);
      return;
    }
    const head = this.#head;
    if (head.type === FrameType.headers || head.type === FrameType.pushPromise) {
      const begun = this.#blocks.begin(head, payload);
      if (begun) this.#takeBlock(begun.block, begun.fragment);
      return;
    }
    if (this.#frames.take(head, payload) === Answer.failed) throw new FatalFailure(Failure.callback);
  }

  #takeBlock(block: BlockState, fragment: Uint8Array): void {
    const isFinal = (block.frame.flags & Flag.endHeaders) !== 0;
    this.#block = isFinal ? undefined : block;
    this.#blocks.take(block, fragment, isFinal);
    if (isFinal) this.#continuations = 0;
  }
}
