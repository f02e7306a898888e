import { writeSync } from "node:fs";
import type { Socket } from "node:net";
import { socketFailure } from "./socket-failure.ts";

/** The descriptor of a socket's handle, as Node shows it; nothing where the system has none, or it is closed. */
function descriptorOf(socket: Socket): number | undefined {
  const { _handle: handle } = socket as { _handle?: { readonly fd?: number } | null };
  return handle?.fd !== undefined && handle.fd >= 0 ? handle.fd : undefined;
}

/** Its descriptor where bytes may go to it past the socket: it is open, and none wait there that are to go first. */
export function descriptorToWrite(socket: Socket): number | undefined {
  return socket.writableLength === 0 && !socket.connecting ? descriptorOf(socket) : undefined;
}

/**
 * Writes what the system takes at once (`uv_try_write`), straight from where the bytes are: nothing holds them afterwards,
 * and the stream's machinery, several times the price of a small write, has no part in it.
 * @returns how many; nothing where it is for the socket itself to write them
 * @throws SyscallFailure the system's error, which it will not tell the socket again
 */
export function writeNow(socket: Socket, bytes: Uint8Array): number | undefined {
  const descriptor = descriptorToWrite(socket);
  if (descriptor === undefined) return undefined;
  try {
    return writeSync(descriptor, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return undefined;
    throw socketFailure(error as Error);
  }
}
