import { Flag, type FrameHead, FrameType, PRIORITY_SIZE } from "./frames.ts";

/** What a frame's head may say, by its type (RFC 9113 section 6). Sizes are of the payload, bytes. */
interface FrameShape {
  /** Flags that mean something; the others are not looked at. */
  readonly flags: number;
  /** The one size it may have. */
  readonly exact?: number;
  /** What it has at least, where it is not padded. */
  readonly least?: number;
}

const SHAPES: Readonly<Record<string, FrameShape | undefined>> = {
  __proto__: null as never,
  [FrameType.data]: { flags: Flag.endStream | Flag.padded },
  [FrameType.headers]: { flags: Flag.endStream | Flag.endHeaders | Flag.padded | Flag.priority },
  [FrameType.priority]: { flags: Flag.none, exact: PRIORITY_SIZE },
  [FrameType.rstStream]: { flags: Flag.none, exact: 4 },
  [FrameType.settings]: { flags: Flag.ack },
  [FrameType.pushPromise]: { flags: Flag.endHeaders | Flag.padded, least: 4 },
  [FrameType.ping]: { flags: Flag.ack, exact: 8 },
  [FrameType.goaway]: { flags: Flag.none, least: 8 },
  [FrameType.windowUpdate]: { flags: Flag.none, exact: 4 },
  [FrameType.altsvc]: { flags: Flag.none, least: 2 },
};
const UNKNOWN: FrameShape = { flags: Flag.none };
const SETTING_SIZE = 6;

const shapeOf = (type: number): FrameShape => SHAPES[type] ?? UNKNOWN;

export const meaningfulFlags = (type: number): number => shapeOf(type).flags;

/** @param head with its meaningful flags only */
export function hasRightSize({ type, length, flags }: FrameHead): boolean {
  const { exact, least = 0 } = shapeOf(type);
  if (exact !== undefined) return length === exact;
  if (type === FrameType.settings) return length % SETTING_SIZE === 0 && (length === 0 || (flags & Flag.ack) === 0);
  if ((flags & Flag.padded) !== 0) return true;
  return length >= (type === FrameType.headers && (flags & Flag.priority) !== 0 ? PRIORITY_SIZE : least);
}
