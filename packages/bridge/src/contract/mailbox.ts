/**
 * Memory that a cell shares with its guest, for bytes of streams: they cross several times faster by two plain copies than
 * by V8's serialiser (measured). Whoever takes bytes out copies them before anything else runs, so that neither side looks
 * twice at what the other may change. Each incoming item is a token and a size in the header, its bytes follow those of
 * the item before.
 */
export const MAILBOX = {
  /** Most items of one delivery. */
  items: 64,
  /** Most bytes of one item: what libuv reads at once. */
  itemBytes: 64 * 1024,
  /** The size in the header of an item whose memory is handed over, and how many of those a delivery has at most. */
  isHanded: -1,
  handed: 8,
  /** Where incoming bytes begin, and how many there is room for. */
  inAt: 64 * 8,
  inBytes: 256 * 1024,
  /** Where outgoing bytes begin, and how many there is room for. */
  outAt: 64 * 8 + 256 * 1024,
  outBytes: 256 * 1024,
  /** The size of it all. */
  bytes: 64 * 8 + 2 * 256 * 1024,
} as const;
