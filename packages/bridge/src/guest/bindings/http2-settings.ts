import {
  encodeSettings,
  initialSettings,
  isValidSetting,
  type Setting,
  SettingId,
  type Settings,
} from "../http2/settings.ts";
import { append } from "../lib/define.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import type { Binding, Realm } from "../realm.ts";

/** Names in the order of `settingsBuffer` (src/node_http2_state.h). */
const PLACES = [
  "headerTableSize",
  "enablePush",
  "initialWindowSize",
  "maxFrameSize",
  "maxConcurrentStreams",
  "maxHeaderListSize",
  "enableConnectProtocol",
] as const satisfies readonly (keyof Settings)[];
/** In the order they are sent. */
const SENT = [
  "headerTableSize",
  "enablePush",
  "maxConcurrentStreams",
  "initialWindowSize",
  "maxFrameSize",
  "maxHeaderListSize",
  "enableConnectProtocol",
] as const satisfies readonly (keyof Settings)[];
const FLAGS = PLACES.length;
const CUSTOM_COUNT = FLAGS + 1;
const CUSTOM = FLAGS + 2;
/** Most settings of a program's own (`MAX_ADDITIONAL_SETTINGS`). */
const MAX_CUSTOM = 10;

/** The memory in which the library and the binding hand each other settings. */
export class SettingsBuffer {
  readonly #realm: Realm;
  readonly #values: Uint32Array;

  constructor(realm: Realm, binding: Binding) {
    this.#realm = realm;
    this.#values = binding["settingsBuffer"] as Uint32Array;
  }

  #value(place: number): number {
    return this.#values[place] as number;
  }

  /** What the library has put there to be sent. */
  take(): Setting[] {
    const settings: Setting[] = [];
    const flags = this.#value(FLAGS);
    for (let i = 0; i < SENT.length; i++) {
      const name = SENT[i] as (typeof SENT)[number];
      for (let place = 0; place < PLACES.length; place++) {
        if (PLACES[place] === name && flags & (1 << place))
          append(settings, [SettingId[name], this.#value(place)] as const);
      }
    }
    const custom = this.custom();
    for (let i = 0; i < custom.length; i++) append(settings, custom[i] as Setting);
    return settings;
  }

  /** Settings only the program has a meaning for. */
  custom(): Setting[] {
    const settings: Setting[] = [];
    for (let i = 0; i < this.#value(CUSTOM_COUNT) && i < MAX_CUSTOM; i++) {
      append(settings, [this.#value(CUSTOM + 2 * i), this.#value(CUSTOM + 2 * i + 1)] as const);
    }
    return settings;
  }

  /** What the library is to see of one side. */
  show(settings: Settings, custom: readonly Setting[]): void {
    for (let place = 0; place < PLACES.length; place++) this.#values[place] = settings[PLACES[place] as keyof Settings];
    this.#values[CUSTOM_COUNT] = custom.length;
    for (let i = 0; i < custom.length; i++) {
      const setting = custom[i] as Setting;
      this.#values[CUSTOM + 2 * i] = setting[0];
      this.#values[CUSTOM + 2 * i + 1] = setting[1];
    }
  }

  showDefaults(): void {
    // Node's library takes a list of headers of 64 KiB where the protocol sets no limit.
    this.show({ ...initialSettings(), maxHeaderListSize: 65535 }, []);
    this.#values[FLAGS] = (1 << PLACES.length) - 1;
  }

  /** The payload of a SETTINGS frame as a `Buffer`; nothing where a value is not allowed. */
  pack(): Uint8Array | undefined {
    const settings = this.take();
    for (let i = 0; i < settings.length; i++) if (!isValidSetting(settings[i] as Setting)) return undefined;
    return asNodeBuffer(this.#realm, encodeSettings(settings));
  }
}
