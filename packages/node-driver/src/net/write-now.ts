import { writeSync } from "node:fs";
import type { Socket } from "node:net";

/** The descriptor of a socket's handle, as Node shows it; nothing where the system has none, or it is closed. */
function descriptorOf(socket: Socket): number | undefined {
  const { _handle: handle } = socket as { _handle?: { readonly fd?: number } | null };
  return handle?.fd !== undefined && handle.fd >= 0 ? handle.fd : undefined;
}

/**
 * Writes what the system takes at once (`uv_try_write`), straight from where the bytes are: nothing holds them afterwards,
 * and the stream's machinery, several times the price of a small write, has no part in it.
 * @returns how many; nothing where it is for the socket itself to write them, or to say why it cannot
 */
export function writeNow(socket: Socket, bytes: Uint8Array): number | undefined {
  const descriptor = socket.writableLength === 0 ? descriptorOf(socket) : undefined;
  if (descriptor === undefined || socket.connecting) return undefined;
  try {
    return writeSync(descriptor, bytes);
  } catch {
    return undefined;
  }
}
