import { append } from "../lib/define.ts";
import { Bytes } from "../lib/intrinsics.ts";
import { readUint16, readUint32, writeUint16, writeUint32 } from "./frames.ts";

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

/** Which of `Settings` a number stands for. */
export const SETTING_NAMES: Readonly<Record<string, keyof Settings | undefined>> = {
  __proto__: null as never,
  [SettingId.headerTableSize]: "headerTableSize",
  [SettingId.enablePush]: "enablePush",
  [SettingId.maxConcurrentStreams]: "maxConcurrentStreams",
  [SettingId.initialWindowSize]: "initialWindowSize",
  [SettingId.maxFrameSize]: "maxFrameSize",
  [SettingId.maxHeaderListSize]: "maxHeaderListSize",
  [SettingId.enableConnectProtocol]: "enableConnectProtocol",
};

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
export function isValidSetting(setting: Setting): boolean {
  const value = setting[1];
  switch (setting[0]) {
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
    const setting = settings[i] as Setting;
    writeUint16(payload, i * 6, setting[0]);
    writeUint32(payload, i * 6 + 2, setting[1]);
  }
  return payload;
}

/** @param payload of a length that is a multiple of six */
export function decodeSettings(payload: Uint8Array): Setting[] {
  const settings: Setting[] = [];
  for (let at = 0; at + 6 <= payload.length; at += 6) {
    append(settings, [readUint16(payload, at), readUint32(payload, at + 2)] as const);
  }
  return settings;
}
