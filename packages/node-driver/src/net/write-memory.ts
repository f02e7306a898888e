import type { Socket } from "node:net";

/** Up to this size Node's own pool of small buffers serves. */
const SMALL_BYTES = 4096;
const PIECE_BYTES = 256 * 1024;

let piece: Buffer | undefined;

/**
 * Writes bytes that are somebody else's again when this returns. What is copied goes to the same memory each time, as long
 * as the system takes it at once: new memory costs several times as much to write to (measured).
 */
export function writeCopy(socket: Socket, data: Uint8Array): void {
  const size = data.byteLength;
  if (size <= SMALL_BYTES || size > PIECE_BYTES) {
    socket.write(Buffer.from(data));
    return;
  }
  piece ??= Buffer.allocUnsafeSlow(PIECE_BYTES);
  piece.set(data);
  socket.write(piece.subarray(0, size));
  // Something waits, and may be this.
  if (socket.writableLength > 0) piece = undefined;
}
