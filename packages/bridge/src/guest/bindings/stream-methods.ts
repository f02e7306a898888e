import { bindingError } from "../lib/binding-error.ts";
import { bytesOfView, part } from "../lib/bytes.ts";
import { Encoding, encodedLength, encodeString, parseEncoding, writeString as writeEncoded } from "../lib/encodings.ts";
import { externalValue } from "../lib/external.ts";
import { Bytes, NativeTypeError } from "../lib/intrinsics.ts";
import {
  isArrayBufferView,
  objectDefineProperty,
  objectKeys,
  SafeWeakMap,
  TypedArrayProto,
  typedArrayByteLength,
} from "../primordials.ts";
import type { Listener } from "./stream-listener.ts";

/** Whoever brings a stream's bytes when it asks for them. */
export interface Puller {
  /** There is room and nothing to send. */
  want(): void;
  /** The stream is gone. */
  unpipe(): void;
}

/** What `StreamBase` of src/stream_base.cc asks of a kind of stream. Functions answer 0 or a negative errno. */
export interface StreamCore {
  readonly listener: Listener;
  readonly fd: number;
  /** Its reads are callbacks of the loop; otherwise they come from within JavaScript. */
  readonly readsInLoop: boolean;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readStart(): number;
  readStop(): number;
  shutdown(request: object): number;
  /** Tells in `streamBaseState` how many bytes it took and whether the request will be called back. */
  write(request: object, bytes: Uint8Array, handle?: object): number;
  /** The same for bytes in pieces, where whoever gets them can tell. */
  writePieces?(request: object, pieces: readonly Uint8Array[]): number;
  /** The same for a list of chunks as `writev` gets it, where that saves memory. */
  writeChunks?(request: object, chunks: readonly unknown[], allBuffers: boolean): number;
  /** From now on it says when it wants bytes. A stream without takes them at any time. */
  pullFrom?(puller: Puller): void;
}

const cores = new SafeWeakMap<object, StreamCore>();

/** Makes an object a stream for `streamFrom`; its class has the methods. */
export const registerStream = (object: object, core: StreamCore): void => {
  cores.set(object, core);
};

/** The inner side of a stream's object (`StreamBase::FromObject`). @throws TypeError for any other */
export function streamFrom(object: object): StreamCore {
  const core = cores.get(object);
  if (!core) throw new NativeTypeError("Illegal invocation");
  return core;
}

/** Sums what a list of chunks takes: buffers only, or each chunk followed by its encoding. */
function sumChunks(
  chunks: readonly unknown[],
  allBuffers: boolean,
  ofText: (text: string, encoding: unknown) => number,
): number {
  const step = allBuffers ? 1 : 2;
  let total = 0;
  for (let i = 0; i < chunks.length; i += step) {
    const chunk = chunks[i];
    total += isArrayBufferView(chunk)
      ? typedArrayByteLength(bytesOfView(chunk))
      : ofText(chunk as string, chunks[i + 1]);
  }
  return total;
}

/** Exactly, or at most where there is text in base64 or hex. */
const encodedBytes = (text: string, encoding: unknown): number => encodedLength(text, parseEncoding(encoding));
/** At most, in any encoding, told without looking into the string. */
const mostBytes = (text: string): number => text.length * 3;

/** Whether such a list surely takes no more bytes than these. */
export const chunksFit = (chunks: readonly unknown[], allBuffers: boolean, most: number): boolean =>
  sumChunks(chunks, allBuffers, mostBytes) <= most;

/** Lays the bytes of such a list end to end. -> how many */
export function layChunks(into: Uint8Array, chunks: readonly unknown[], allBuffers: boolean): number {
  const step = allBuffers ? 1 : 2;
  const room = typedArrayByteLength(into);
  let at = 0;
  for (let i = 0; i < chunks.length; i += step) {
    const chunk = chunks[i];
    if (isArrayBufferView(chunk)) {
      const bytes = bytesOfView(chunk);
      TypedArrayProto.set(into, bytes, at);
      at += typedArrayByteLength(bytes);
    } else at += writeEncoded(into, chunk as string, at, room - at, parseEncoding(chunks[i + 1]));
  }
  return at;
}

/** The bytes of such a list in memory of their own. */
export function gatherChunks(chunks: readonly unknown[], allBuffers: boolean): Uint8Array {
  const all = new Bytes(sumChunks(chunks, allBuffers, encodedBytes));
  const size = layChunks(all, chunks, allBuffers);
  return size === typedArrayByteLength(all) ? all : part(all, 0, size);
}

const writeString = (encoding: Encoding) =>
  function (this: object, request: object, text: string, handle?: object): number {
    return streamFrom(this).write(request, encodeString(text, encoding), handle);
  };

/** Gives a prototype the methods and accessors of `StreamBase::AddMethods`. */
export function addStreamMethods(prototype: object): void {
  const methods: Readonly<Record<string, (this: object, ...args: never[]) => unknown>> = {
    readStart() {
      return streamFrom(this).readStart();
    },
    readStop() {
      return streamFrom(this).readStop();
    },
    shutdown(request: object) {
      return streamFrom(this).shutdown(request);
    },
    useUserBuffer(buffer: Uint8Array) {
      streamFrom(this).listener.useBuffer(buffer);
      return 0;
    },
    writev(request: object, chunks: readonly unknown[], allBuffers: unknown) {
      const core = streamFrom(this);
      if (core.writeChunks) return core.writeChunks(request, chunks, allBuffers === true);
      return core.write(request, gatherChunks(chunks, allBuffers === true));
    },
    writeBuffer(request: object, data: unknown) {
      if (!isArrayBufferView(data)) {
        throw bindingError("TypeError", "ERR_INVALID_ARG_TYPE", "Second argument must be a buffer");
      }
      return streamFrom(this).write(request, bytesOfView(data));
    },
    writeAsciiString: writeString(Encoding.ascii),
    writeUtf8String: writeString(Encoding.utf8),
    writeUcs2String: writeString(Encoding.ucs2),
    writeLatin1String: writeString(Encoding.latin1),
  };
  const names = objectKeys(methods);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    objectDefineProperty(prototype, name, {
      value: methods[name],
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  const getter = (
    name: string,
    read: (core: StreamCore) => unknown,
    write?: (core: StreamCore, value: unknown) => void,
  ) =>
    objectDefineProperty(prototype, name, {
      get(this: object) {
        return read(streamFrom(this));
      },
      ...(write && {
        set(this: object, value: unknown) {
          write(streamFrom(this), value);
        },
      }),
      enumerable: false,
      configurable: true,
    });
  getter("fd", (core) => core.fd);
  getter("_externalStream", externalValue);
  getter("bytesRead", (core) => core.bytesRead);
  getter("bytesWritten", (core) => core.bytesWritten);
  getter(
    "onread",
    (core) => core.listener.onread,
    (core, value) => {
      core.listener.onread = value;
    },
  );
  objectDefineProperty(prototype, "isStreamBase", {
    value: true,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}
