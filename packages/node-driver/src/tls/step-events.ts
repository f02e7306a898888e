import { TlsEvent } from "@vivarium/bridge/contract";
import { describeError } from "../crypto/failure.ts";
import { type NativePipe, type NativeWrap, tlsEngine } from "./engine.ts";

/** A value of an event. */
export type Scalar = null | boolean | number | string | Uint8Array;

/** What the engine asks the connection, or tells it beside the guest, while a step runs. */
export interface EngineListener {
  onEstablished(): void;
  /** A server waits for its certificate's choice. */
  onCertificateWanted(): void;
  /** -> where the chosen protocol is among those a client offers */
  chooseProtocol(offered: Uint8Array): number | undefined;
  /** -> the key of an identity, or a client's own with its identity */
  presharedKey(identity: string | null): unknown;
}

const UV_EOF = -4095;

/** What the engine calls while a step of a connection runs, written down as the step's events. */
export class StepEvents {
  #events: Scalar[] = [];
  /** Requests of the engine's towards the network, which takes everything at once. */
  #requests: (() => void)[] = [];

  tell(event: number, ...values: readonly Scalar[]): void {
    this.#events.push(event, ...values);
  }

  /** Runs a step until the engine has nothing left to do. -> its events */
  step(run: () => void): readonly Scalar[] {
    try {
      run();
      for (let next = this.#requests.shift(); next; next = this.#requests.shift()) next();
      return this.#events;
    } finally {
      this.#events = [];
    }
  }

  /** Hears what goes to the network. */
  listenToPipe(pipe: NativePipe): void {
    pipe.isClosing = () => false;
    pipe.onreadstart = () => 0;
    pipe.onreadstop = () => 0;
    pipe.onwrite = (request, chunks) => {
      // An engine between two writes may have nothing to say.
      for (const chunk of chunks) if (chunk.byteLength > 0) this.tell(TlsEvent.output, chunk);
      this.#requests.push(() => pipe.finishWrite(request, 0));
      return 0;
    };
    pipe.onshutdown = (request) => {
      this.#requests.push(() => pipe.finishShutdown(request, 0));
      return 0;
    };
  }

  /** Hears what the engine says of the handshake and of plaintext. */
  listenToWrap(wrap: NativeWrap, listener: EngineListener): void {
    const { streamBaseState, kReadBytesOrError, kArrayBufferOffset, onPskExchange } = tlsEngine();
    Object.assign(wrap, {
      onhandshakestart: () => this.tell(TlsEvent.handshakeStart),
      onhandshakedone: () => {
        listener.onEstablished();
        this.tell(TlsEvent.handshakeDone);
      },
      onclienthello: (hello: { sessionId: Uint8Array; servername: string; tlsTicket: boolean }) =>
        this.tell(TlsEvent.clientHello, hello.sessionId, hello.servername, hello.tlsTicket),
      oncertcb: (info: { servername: string; OCSPRequest: boolean }) => {
        listener.onCertificateWanted();
        this.tell(TlsEvent.certificate, info.servername, info.OCSPRequest);
      },
      onnewsession: (id: Uint8Array, session: Uint8Array) => this.tell(TlsEvent.newSession, id, session),
      onkeylog: (line: Uint8Array) => this.tell(TlsEvent.keylog, line),
      onocspresponse: (response: Uint8Array | null) => this.tell(TlsEvent.ocspResponse, response),
      onerror: (error: Error) => this.tell(TlsEvent.error, describeError(error)),
      ALPNCallback: (offered: Uint8Array) => listener.chooseProtocol(offered),
      [onPskExchange]: (identity: string | null) => listener.presharedKey(identity),
      onread: (buffer: ArrayBuffer | undefined) => {
        const size = streamBaseState[kReadBytesOrError] ?? UV_EOF;
        if (buffer === undefined || size < 0) this.tell(TlsEvent.end);
        else this.tell(TlsEvent.input, new Uint8Array(buffer, streamBaseState[kArrayBufferOffset], size));
      },
    });
    // The engine sets it when a client has named the server it wants.
    Object.defineProperty(wrap, "servername", {
      set: (name: string) => this.tell(TlsEvent.servername, name),
    });
  }
}
