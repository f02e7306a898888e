/** Arrays whose memory is nobody else's any more: no other view of it is used on this side. */
const given = new WeakSet<Uint8Array>();

/**
 * Gives bytes away: they cross into a guest with their memory, without a copy, and are empty here afterwards. Only for
 * whoever made them and keeps no view of them. Bytes that share memory with others are copied first.
 * -> the array to hand on
 */
export function give(bytes: Uint8Array): Uint8Array {
  const { buffer, byteOffset, byteLength } = bytes;
  const isWhole = byteLength === buffer.byteLength && buffer instanceof ArrayBuffer;
  const whole = isWhole ? new Uint8Array(buffer) : new Uint8Array(buffer, byteOffset, byteLength).slice();
  given.add(whole);
  return whole;
}

/** Whether this is what `give` answered. */
export const isGiven = (value: unknown): boolean => value instanceof Uint8Array && given.has(value);
