import { MAX_TLS_WRITE } from "../../contract/tls.ts";
import { exactCopy } from "../lib/bytes.ts";
import { putOwn } from "../lib/define.ts";
import { errnoOf } from "../lib/uvexception.ts";
import { mathMin, typedArrayByteLength } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { type AsyncResource, asyncObjects } from "./async-object.ts";
import type { TlsOutput } from "./tls-output.ts";

/** The write under way. */
interface Write {
  /** The library's object, and what it is to `async_hooks`. It keeps nobody alive: the stream below does. */
  readonly request: object;
  readonly resource: AsyncResource;
  readonly bytes: Uint8Array;
  /** Bytes the engine has. */
  sent: number;
  /** The engine is done with it. */
  isTaken: boolean;
  /** It holds nothing, and the engine never saw it. */
  readonly isEmpty: boolean;
}

interface WriteParts {
  readonly realm: Realm;
  /** The connection's object and resource. */
  readonly target: object;
  readonly resource: AsyncResource;
  readonly output: TlsOutput;
  /** Gives the engine plaintext. */
  readonly pass: (plaintext: Uint8Array) => void;
}

/** The library's writes to a TLS connection, one at a time (`TLSWrap::DoWrite`, `InvokeQueued`). */
export class TlsWrites {
  readonly #parts: WriteParts;
  #write: Write | undefined;
  /** What failed while `begin` had not returned: an errno name. */
  #failed = "";
  #isBeginning = false;
  /** The handshake is done. */
  isEstablished = false;

  constructor(parts: WriteParts) {
    this.#parts = parts;
  }

  #errno(code: string): number {
    return errnoOf(this.#parts.realm, code);
  }

  /** A write waits that no event of the engine's will end. */
  get isWaiting(): boolean {
    return this.#write?.isEmpty === true;
  }

  /** -> 0, and the request is called back; or a negative errno */
  begin(request: object, bytes: Uint8Array): number {
    if (this.#write) return this.#errno("EBUSY");
    const { output, realm, resource } = this.#parts;
    const write: Write = {
      request,
      resource: resource.trigger(() => asyncObjects(realm).begin(request, "WRITEWRAP")),
      bytes: exactCopy(bytes),
      sent: 0,
      isTaken: false,
      isEmpty: typedArrayByteLength(bytes) === 0 && output.isBusy,
    };
    this.#write = write;
    this.#failed = "";
    this.#isBeginning = true;
    try {
      // Nothing of an empty one would show: it waits for what is on its way.
      if (write.isEmpty) write.isTaken = true;
      else this.#pass(write);
    } finally {
      this.#isBeginning = false;
    }
    if (this.#failed === "") return 0;
    this.#write = undefined;
    write.resource.destroy();
    return this.#errno(this.#failed);
  }

  /** Gives the engine the next part. */
  #pass(write: Write): void {
    const end = mathMin(typedArrayByteLength(write.bytes), write.sent + MAX_TLS_WRITE);
    const plaintext = exactCopy(write.bytes, write.sent, end);
    write.sent = end;
    this.#parts.pass(plaintext);
  }

  /** The engine has taken what it was given, or failed over it. @param code errno name or empty */
  taken(code: string, text: string): void {
    const write = this.#write;
    if (!write) return;
    if (code !== "") {
      if (this.#isBeginning) this.#failed = code;
      else this.finish(this.#errno(code), text);
    } else if (write.sent < typedArrayByteLength(write.bytes)) {
      this.#pass(write);
    } else {
      write.isTaken = true;
      const { output } = this.#parts;
      if (!output.isBusy) output.pretend();
    }
  }

  /** The write is over when what the engine made of it is. An empty one has the handshake to wait for. */
  settle(): void {
    const write = this.#write;
    if (!write?.isTaken || this.#parts.output.isBusy) return;
    if (!write.isEmpty || this.isEstablished) this.finish(0);
  }

  /** Calls the request back. */
  finish(status: number, error?: string): void {
    const write = this.#write;
    if (!write) return;
    this.#write = undefined;
    const { request, resource } = write;
    if (error) putOwn(request, "error", error);
    const { oncomplete } = request as { oncomplete?: unknown };
    if (typeof oncomplete === "function") resource.call(oncomplete, [status, this.#parts.target, undefined]);
    resource.destroy();
  }
}
