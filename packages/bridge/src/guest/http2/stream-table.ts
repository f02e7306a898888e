import { append } from "../lib/define.ts";
import { SafeMap } from "../primordials.ts";
import { Failure } from "./errors.ts";
import { Stream, StreamState } from "./stream.ts";

export const MAX_STREAM_ID = 0x7fffffff;

/** The streams of a connection: their numbers, and how many each side has open (RFC 9113 section 5.1). */
export class StreamTable extends SafeMap<number, Stream> {
  readonly #isServer: boolean;
  #order = 0;
  /** What the next stream of this side's is called. */
  nextId: number;
  lastSentId = 0;
  lastReceivedId = 0;
  /** The last stream of the other side's that was handed on. */
  lastProcessedId = 0;
  /** Streams this side has opened, and those the other side has. */
  outgoing = 0;
  incoming = 0;
  /** Streams the other side has promised and not begun. */
  promised = 0;

  constructor(isServer: boolean) {
    super();
    this.#isServer = isServer;
    this.nextId = isServer ? 2 : 1;
  }

  /** Whether a stream with this number is opened by this side. */
  isMine(id: number): boolean {
    return id !== 0 && (id & 1) === (this.#isServer ? 0 : 1);
  }

  isNewFromPeer(id: number): boolean {
    return id !== 0 && !this.isMine(id) && this.lastReceivedId < id;
  }

  /** A stream that was never opened. */
  isIdle(id: number): boolean {
    return this.isMine(id) ? this.lastSentId < id : this.isNewFromPeer(id);
  }

  /** @returns the number of a new stream of this side's, or a failure */
  takeId(): number {
    if (this.nextId > MAX_STREAM_ID) return Failure.noStreamId;
    const id = this.nextId;
    this.nextId += 2;
    return id;
  }

  /** @returns whether the next stream may have this number */
  setNextId(id: number): boolean {
    if (id <= 0 || id < this.nextId || (id & 1) === (this.#isServer ? 1 : 0)) return false;
    this.nextId = id;
    return true;
  }

  /** @param sendWindow and `receiveWindow`: sizes the windows begin with, bytes */
  open(id: number, state: StreamState, sendWindow: number, receiveWindow: number): Stream {
    const stream = new Stream(id, this.#order++, state, sendWindow, receiveWindow);
    this.set(id, stream);
    const mine = this.isMine(id);
    if (state === StreamState.reserved) {
      if (mine) stream.isReadShut = true;
      else {
        stream.isWriteShut = true;
        this.promised++;
      }
    } else if (mine) this.outgoing++;
    else this.incoming++;
    return stream;
  }

  /** The response to a promise begins: the stream counts as open. */
  keepPromise(stream: Stream): void {
    stream.isPromised = false;
    if (this.isMine(stream.id)) {
      this.outgoing++;
      return;
    }
    this.promised--;
    this.incoming++;
  }

  /** A stream is over. */
  close(stream: Stream): void {
    const mine = this.isMine(stream.id);
    if (stream.isPromised) {
      if (!mine) this.promised--;
    } else if (mine) this.outgoing--;
    else this.incoming--;
    this.delete(stream.id);
  }

  /** Numbers of the streams after one. @param incoming those of the other side's, or this one's */
  idsBeyond(lastId: number, incoming: boolean): number[] {
    const ids: number[] = [];
    this.forEach((_stream, id) => {
      if (this.isMine(id) !== incoming && id > lastId) append(ids, id);
    });
    return ids;
  }
}
