import type { Field } from "./hpack-table.ts";
import type { Setting } from "./settings.ts";
import type { DataSource } from "./stream.ts";

/** A block of fields: a request, a response, trailers. */
export interface HeadersItem {
  readonly kind: "headers";
  readonly streamId: number;
  readonly fields: readonly Field[];
  readonly endStream: boolean;
  /** What follows the block. */
  readonly source: DataSource | undefined;
  readonly opensStream: boolean;
  /** It was reset before it was sent, with this code. */
  cancelled?: number;
}

export interface PromiseItem {
  readonly kind: "promise";
  readonly streamId: number;
  readonly promisedId: number;
  readonly fields: readonly Field[];
}

export interface ResetItem {
  readonly kind: "reset";
  readonly streamId: number;
  readonly code: number;
  /** Only while there is such a stream. */
  readonly needsStream: boolean;
}

export interface SettingsItem {
  readonly kind: "settings";
  readonly streamId: 0;
  readonly isAck: boolean;
  readonly settings: readonly Setting[];
}

export interface PingItem {
  readonly kind: "ping";
  readonly streamId: 0;
  readonly isAck: boolean;
  readonly payload: Uint8Array;
}

export interface GoawayItem {
  readonly kind: "goaway";
  readonly streamId: 0;
  readonly lastId: number;
  readonly code: number;
  readonly data: Uint8Array;
  /** Nothing is sent after it. */
  readonly isLast: boolean;
}

export interface WindowUpdateItem {
  readonly kind: "windowUpdate";
  readonly streamId: number;
  readonly size: number;
}

/** ALTSVC, ORIGIN: a payload that is ready. */
export interface ExtensionItem {
  readonly kind: "extension";
  readonly type: number;
  readonly streamId: number;
  readonly payload: Uint8Array;
}

/** A frame that waits to be sent; data waits with its stream. */
export type OutboundItem =
  | HeadersItem
  | PromiseItem
  | ResetItem
  | SettingsItem
  | PingItem
  | GoawayItem
  | WindowUpdateItem
  | ExtensionItem;
