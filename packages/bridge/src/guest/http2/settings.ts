import { Bytes } from "../lib/intrinsics.ts";

/** Numbers of the settings (RFC 9113 section 6.5.2, RFC 8441, RFC 9218). */
export const SettingId = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
  maxHeaderListSize: 6,
  enableConnectProtocol: 8,
  noPriorities: 9,
} as const;

export const MAX_WINDOW = 0x7fffffff;
export const MIN_FRAME_SIZE = 16384;
export const MAX_FRAME_SIZE = 0xffffff;
export const UNLIMITED = 0xffffffff;

/** One entry of a SETTINGS frame. */
export type Setting = readonly [id: number, value: number];

/** What one side of a connection has said of itself; begins with what the protocol says. */
export interface Settings {
  headerTableSize: number;
  enablePush: number;
  maxConcurrentStreams: number;
  initialWindowSize: number;
  maxFrameSize: number;
  maxHeaderListSize: number;
  enableConnectProtocol: number;
}

export const initialSettings = (): Settings => ({
  headerTableSize: 4096,
  enablePush: 1,
  maxConcurrentStreams: UNLIMITED,
  initialWindowSize: 65535,
  maxFrameSize: MIN_FRAME_SIZE,
  maxHeaderListSize: UNLIMITED,
  enableConnectProtocol: 0,
});

/** Whether a setting may have this value. Of numbers it does not know it says nothing. */
export function isValidSetting([id, value]: Setting): boolean {
  switch (id) {
    case SettingId.enablePush:
    case SettingId.enableConnectProtocol:
    case SettingId.noPriorities:
      return value <= 1;
    case SettingId.initialWindowSize:
      return value <= MAX_WINDOW;
    case SettingId.maxFrameSize:
      return value >= MIN_FRAME_SIZE && value <= MAX_FRAME_SIZE;
    default:
      return true;
  }
}

/** The payload of a SETTINGS frame. */
export function encodeSettings(settings: readonly Setting[]): Uint8Array<ArrayBuffer> {
  const payload = new Bytes(settings.length * 6);
  for (let i = 0; i < settings.length; i++) {
    const [id, value] = settings[i] as Setting;
    const at = i * 6;
    payload[at] = id >>> 8;
    payload[at + 1] = id;
    payload[at + 2] = value >>> 24;
    payload[at + 3] = value >>> 16;
    payload[at + 4] = value >>> 8;
    payload[at + 5] = value;
  }
  return payload;
}
