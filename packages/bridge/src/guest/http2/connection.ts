import { Bytes } from "../lib/intrinsics.ts";
import { latin1Write } from "../lib/latin1.ts";
import { mathMin } from "../primordials.ts";
import type { ConnectionOptions } from "./connection-options.ts";
import { DataQueue } from "./data-queue.ts";
import { ErrorCode } from "./errors.ts";
import { FlowControl } from "./flow-control.ts";
import { MAX_PAYLOAD } from "./frames.ts";
import { FieldDecoder } from "./hpack-decoder.ts";
import { FieldEncoder } from "./hpack-encoder.ts";
import type { ConnectionListener } from "./listener.ts";
import { Outbox } from "./outbox.ts";
import { RateLimit } from "./rate-limit.ts";
import { SettingsExchange } from "./settings-exchange.ts";
import type { Stream, StreamState } from "./stream.ts";
import { MAX_STREAM_ID, StreamTable } from "./stream-table.ts";
import { Submissions } from "./submissions.ts";

/** Odd but harmless frames a connection takes: at once, and more each second. */
const GLITCH_BURST = 10000;
const GLITCH_RATE = 330;

/**
 * One side of an HTTP/2 connection (RFC 9113): its streams, windows and settings, what waits to be sent, and how it
 * ends. It does no input or output: `Receiver` reads frames into it, `Sender` takes frames out of it. What the protocol
 * leaves open is decided as nghttp2 decides it.
 */
export class Connection {
  readonly options: ConnectionOptions;
  readonly isServer: boolean;
  readonly listener: ConnectionListener;
  readonly encoder: FieldEncoder;
  readonly decoder = new FieldDecoder();
  readonly settings: SettingsExchange;
  readonly streams: StreamTable;
  readonly flow = new FlowControl(this);
  readonly outbox = new Outbox();
  readonly sending = new DataQueue();
  readonly submit = new Submissions(this);
  readonly resets: RateLimit;
  readonly #glitches = new RateLimit(GLITCH_BURST, GLITCH_RATE);
  /** The last streams each side looks at, by the GOAWAYs that were sent and that came. */
  localLastId = MAX_STREAM_ID;
  remoteLastId = MAX_STREAM_ID;
  goawayReceived = false;
  goawaySubmitted = false;
  goawaySent = false;
  /** A GOAWAY after which nothing is sent waits, or is out. */
  isTerminating = false;
  isTerminated = false;

  constructor(options: ConnectionOptions) {
    this.options = options;
    this.isServer = options.isServer;
    this.listener = options.listener;
    this.streams = new StreamTable(options.isServer);
    this.settings = new SettingsExchange(this, options.peerMaxStreams);
    this.encoder = new FieldEncoder(options.maxDeflateTable);
    this.resets = new RateLimit(options.resetBurst, options.resetRate);
  }

  openStream(id: number, state: StreamState): Stream {
    const { local, remote } = this.settings;
    return this.streams.open(id, state, remote.initialWindowSize, local.initialWindowSize);
  }

  closeStream(id: number, code: number): void {
    const stream = this.streams.get(id);
    if (!stream) return;
    this.listener.onStreamClose(id, code);
    // Whoever listens may have come here again.
    if (this.streams.get(id) !== stream) return;
    this.sending.detach(stream);
    this.streams.close(stream);
  }

  closeIfShut(stream: Stream): void {
    if (stream.isShut) this.closeStream(stream.id, ErrorCode.noError);
  }

  /** Closes the streams a GOAWAY leaves out. @param incoming those of the other side's, or this one's */
  closeBeyond(lastId: number, incoming: boolean): void {
    const ids = this.streams.idsBeyond(lastId, incoming);
    for (let i = 0; i < ids.length; i++) this.closeStream(ids[i] as number, ErrorCode.refusedStream);
  }

  /** The other side takes another stream. */
  get canOpen(): boolean {
    return this.streams.outgoing < this.settings.remote.maxConcurrentStreams;
  }

  /** The other side may open no stream any more. */
  get refusesStreams(): boolean {
    return this.isTerminating || this.goawaySent;
  }

  get wantsRead(): boolean {
    if (this.isTerminated) return false;
    return this.streams.size > 0 || !(this.goawaySent || this.goawayReceived);
  }

  get wantsWrite(): boolean {
    if (this.isTerminated) return false;
    const { outbox, sending, flow } = this;
    return outbox.hasFrames || (!sending.isEmpty && flow.sendWindow > 0) || (outbox.hasOpening && this.canOpen);
  }

  get isClosing(): boolean {
    return this.isTerminating || !(this.wantsRead || this.wantsWrite);
  }

  /** Says which streams are still looked at. @param isLast nothing is sent after it */
  goaway(lastId: number, code: number, data: Uint8Array, isLast = false): void {
    if (this.isTerminating || this.streams.isMine(lastId) || data.length + 8 > MAX_PAYLOAD) return;
    const least = mathMin(lastId, this.localLastId);
    this.outbox.add({ kind: "goaway", streamId: 0, lastId: least, code, data, isLast });
    this.goawaySubmitted = true;
  }

  /** Ends the connection with a GOAWAY; nothing that comes is read any more. @param reason for whoever debugs it */
  terminate(code: number, reason = ""): void {
    if (this.isTerminating) return;
    const data = new Bytes(reason.length);
    latin1Write(data, reason, 0, reason.length);
    this.goaway(this.streams.lastProcessedId, code, data, true);
    this.isTerminating = true;
  }

  /** Notes an odd frame; too many end the connection. */
  countGlitch(): void {
    if (this.isTerminating || this.#glitches.take(this.listener.seconds())) return;
    this.terminate(ErrorCode.enhanceYourCalm);
  }
}
