import { arrayIsArray, mathMin, typedArrayBuffer, typedArrayTag } from "../primordials.ts";
import { exactCopy } from "./bytes.ts";
import { append } from "./define.ts";
import { hostObject, type Portable, registerHostObject, registerReviver } from "./host-objects.ts";

/** A run of bytes that a blob shows, read when asked for. */
export interface Segment {
  readonly length: number;
  readonly inMemory: boolean;
  /** Bytes from start to end, or nothing where they cannot be read any more. */
  read(start: number, end: number): Uint8Array | undefined;
}

/** Bytes held in memory; nobody else may write to them. */
export const memorySegment = (bytes: Uint8Array): Segment => ({
  length: bytes.length,
  inMemory: true,
  read: (start, end) => exactCopy(bytes, start, end),
});

interface Window {
  readonly segment: Segment;
  readonly start: number;
  readonly end: number;
}

/** What `pull` tells: the end, bytes (more may follow), or a read that failed. */
const Status = { end: 0, more: 1, failed: -1 } as const;
/** Most bytes a reader hands over at once. */
const CHUNK = 65536;

type Pull = (status: number, buffer?: ArrayBufferLike) => void;

const BLOB = "Blob";

/** Whether a blob's bytes are here to be copied: a file's are read when they are wanted. */
function isInMemory(windows: readonly Window[]): boolean {
  for (let i = 0; i < windows.length; i++) if (!(windows[i] as Window).segment.inMemory) return false;
  return true;
}

function wholeOf(windows: readonly Window[]): readonly Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let i = 0; i < windows.length; i++) {
    const { segment, start, end } = windows[i] as Window;
    const bytes = segment.read(start, end);
    if (bytes) append(parts, bytes);
  }
  return parts;
}

/** The handle under a `Blob`: an immutable sequence of windows on segments. */
export class BlobHandle {
  readonly #windows: readonly Window[];

  constructor(windows: readonly Window[]) {
    this.#windows = windows;
    const portable = (): Portable => ({ kind: BLOB, data: wholeOf(windows) });
    registerHostObject(this, { clone: () => new BlobHandle(windows), ...(isInMemory(windows) ? { portable } : {}) });
  }

  get length(): number {
    let total = 0;
    for (let i = 0; i < this.#windows.length; i++)
      total += (this.#windows[i] as Window).end - (this.#windows[i] as Window).start;
    return total;
  }

  windows(): readonly Window[] {
    return this.#windows;
  }

  slice(start: number, end: number): BlobHandle {
    const out: Window[] = [];
    let base = 0;
    for (let i = 0; i < this.#windows.length; i++) {
      const { segment, start: from, end: to } = this.#windows[i] as Window;
      const size = to - from;
      const low = start > base ? start - base : 0;
      const high = mathMin(end - base, size);
      if (low < high) append(out, { segment, start: from + low, end: from + high });
      base += size;
    }
    return new BlobHandle(out);
  }

  getReader(): { pull(callback: Pull): void } {
    let index = 0;
    let offset = 0;
    const pull = (callback: Pull): void => {
      const window = this.#windows[index];
      if (window === undefined) {
        callback(Status.end);
        return;
      }
      const start = window.start + offset;
      // Memory goes out whole, as on Node; files in pieces.
      const end = window.segment.inMemory || window.end - start <= CHUNK ? window.end : start + CHUNK;
      const bytes = window.segment.read(start, end);
      if (bytes === undefined) {
        callback(Status.failed);
        return;
      }
      offset = end - window.start;
      if (end === window.end) {
        index++;
        offset = 0;
      }
      // An empty file is looked at all the same: it may have been changed.
      if (bytes.length === 0) pull(callback);
      else callback(Status.more, typedArrayBuffer(bytes));
    };
    return { pull };
  }
}

const isBlobHandle = (value: unknown): value is BlobHandle =>
  typeof value === "object" && value !== null && hostObject(value) !== undefined;

/** Parts laid end to end: byte arrays and other blobs' handles. */
export function joinParts(parts: readonly unknown[]): BlobHandle {
  const windows: Window[] = [];
  for (let i = 0; i < parts.length; i++) {
    const item = parts[i];
    if (isBlobHandle(item)) {
      const inner = item.windows();
      for (let j = 0; j < inner.length; j++) append(windows, inner[j] as Window);
    } else {
      const bytes = item as Uint8Array;
      if (bytes.length > 0) append(windows, { segment: memorySegment(bytes), start: 0, end: bytes.length });
    }
  }
  return new BlobHandle(windows);
}

/** A blob from another thread. */
registerReviver(BLOB, (parts) => {
  const windows: Window[] = [];
  for (let i = 0; arrayIsArray(parts) && i < parts.length; i++) {
    const bytes: unknown = parts[i];
    if (typedArrayTag(bytes) !== "Uint8Array") continue;
    const segment = memorySegment(bytes as Uint8Array);
    append(windows, { segment, start: 0, end: segment.length });
  }
  return new BlobHandle(windows);
});
