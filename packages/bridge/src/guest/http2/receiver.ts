import { part } from "../lib/bytes.ts";
import { Bytes } from "../lib/intrinsics.ts";
import { mathMin, StringProto, typedArrayByteLength } from "../primordials.ts";
import type { Connection } from "./connection.ts";
import { DataReceiver } from "./data-receiver.ts";
import { ErrorCode, Failure } from "./errors.ts";
import { FrameHandler } from "./frame-handler.ts";
import { hasRightSize, meaningfulFlags } from "./frame-shapes.ts";
import { CLIENT_MAGIC, Flag, type FrameHead, FrameType, HEAD_SIZE, readHead } from "./frames.ts";
import { type BlockState, HeaderBlocks } from "./header-blocks.ts";
import { HeldBytes } from "./held-bytes.ts";
import { Answer, FatalFailure } from "./listener.ts";

/** What the next bytes are. */
type Reading = "magic" | "head" | "payload" | "data" | "skipped";

/** Frames a connection may get of one block of fields: more is a flood. */
const MAX_CONTINUATIONS = 8;
const EMPTY = new Bytes(0);

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
  /** How much of the magic has come. */
  #magicSize = 0;
  /** Beginning of a head, of a payload. */
  readonly #held = new HeldBytes(HEAD_SIZE);
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
        if (this.#left === 0) this.#reading = "head";
        return count;
      }
      case "skipped": {
        const count = mathMin(size - at, this.#left);
        this.#left -= count;
        if (this.#left === 0) this.#reading = "head";
        return count;
      }
    }
  }

  #readMagic(bytes: Uint8Array, at: number, size: number): number {
    const count = mathMin(size - at, CLIENT_MAGIC.length - this.#magicSize);
    for (let i = 0; i < count; i++) {
      if (bytes[at + i] !== StringProto.charCodeAt(CLIENT_MAGIC, this.#magicSize + i)) {
        throw new FatalFailure(Failure.badClientMagic);
      }
    }
    this.#magicSize += count;
    if (this.#magicSize === CLIENT_MAGIC.length) this.#reading = "head";
    return count;
  }

  #readHead(bytes: Uint8Array, at: number, size: number): number {
    const count = this.#held.hold(bytes, at, size, HEAD_SIZE);
    if (this.#held.size < HEAD_SIZE) return count;
    const head = readHead(this.#held.peek(), 0);
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
    if (this.#left === 0) this.#reading = "head";
    else this.#reading = "skipped";
  }

  #beginData(head: FrameHead): void {
    if (!this.#data.begin(head)) return;
    this.#reading = "data";
    if (head.length > 0) return;
    this.#data.receive(EMPTY, 0);
    this.#reading = "head";
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
    if (!hasRightSize(head)) {
      connection.terminate(ErrorCode.frameSize);
      return;
    }
    if (type === FrameType.priority) connection.countGlitch();
    if (type === FrameType.settings) this.#frames.beginSettings(head);
    if (connection.isTerminating) return;
    this.#reading = "payload";
    if (length === 0) this.#readPayload(EMPTY, 0, 0);
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
    if (head.length === 0) this.#readPayload(EMPTY, 0, 0);
  }

  #readPayload(bytes: Uint8Array, at: number, size: number): number {
    const { length } = this.#head;
    // Mostly it is there whole.
    const isWhole = this.#held.size === 0 && size - at >= length;
    const count = isWhole ? length : this.#held.hold(bytes, at, size, length);
    if (!isWhole && this.#held.size < length) return count;
    this.#reading = "head";
    this.#take(isWhole ? part(bytes, at, at + length) : this.#held.take());
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
