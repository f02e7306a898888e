import { Message } from "./message.ts";
import { MAX_WINDOW } from "./settings.ts";
import { ReceiveWindow } from "./windows.ts";

/** How far a stream is, beside which of its sides are shut. */
export const StreamState = {
  /** Its first block is being sent. */
  initial: 0,
  /** The first block was sent or came. */
  opening: 1,
  /** The response has begun. */
  opened: 2,
  /** Promised. */
  reserved: 3,
  /** Its RST_STREAM waits to be sent. */
  closing: 4,
} as const;
export type StreamState = (typeof StreamState)[keyof typeof StreamState];

/** Numbers of `http2Stream.state.state` (nghttp2_stream_proto_state). */
const Shown = { open: 2, reservedLocal: 3, reservedRemote: 4, halfClosedLocal: 5, halfClosedRemote: 6 } as const;

/** What a stream sends. */
export interface DataSource {
  /**
   * Asks for at most so many bytes.
   * @returns nothing when there are none yet
   */
  next(most: number): { readonly size: number; readonly isEnd: boolean; readonly keepsOpen: boolean } | undefined;
  /** Adds the bytes `next` has announced. */
  take(size: number, to: Uint8Array[]): void;
}

/** Data of a stream on its way out. */
export interface DataItem {
  readonly source: DataSource;
  /** Waits for the program, or for the other side's window. */
  waitsForProgram: boolean;
  waitsForWindow: boolean;
}

const MIN_INT32 = -0x80000000;

/** One stream of a connection (RFC 9113 section 5.1). */
export class Stream {
  readonly id: number;
  /** Streams are served in the order they were made. */
  readonly order: number;
  readonly message = new Message();
  readonly receiving: ReceiveWindow;
  state: StreamState;
  /** Promised, and the promise not yet kept. */
  isPromised: boolean;
  isReadShut = false;
  isWriteShut = false;
  /** What the other side may still be sent, bytes; below 0 after it made its windows smaller. */
  sendWindow: number;
  data: DataItem | undefined;
  isQueued = false;

  constructor(id: number, order: number, state: StreamState, sendWindow: number, receiveWindow: number) {
    this.id = id;
    this.order = order;
    this.state = state;
    this.isPromised = state === StreamState.reserved;
    this.sendWindow = sendWindow;
    this.receiving = new ReceiveWindow(receiveWindow);
  }

  get isShut(): boolean {
    return this.isReadShut && this.isWriteShut;
  }

  get isClosing(): boolean {
    return this.state === StreamState.closing;
  }

  /** The other side's SETTINGS_INITIAL_WINDOW_SIZE changed by so much. @returns whether the window can have that size */
  shiftSendWindow(by: number): boolean {
    const next = this.sendWindow + by;
    if (next < MIN_INT32 || next > MAX_WINDOW) return false;
    this.sendWindow = next;
    return true;
  }

  get shownState(): number {
    if (this.isPromised) {
      if (this.isReadShut) return Shown.reservedLocal;
      if (this.isWriteShut) return Shown.reservedRemote;
    }
    if (this.isReadShut) return Shown.halfClosedRemote;
    return this.isWriteShut ? Shown.halfClosedLocal : Shown.open;
  }
}
