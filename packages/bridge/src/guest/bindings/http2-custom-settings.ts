import type { Setting } from "../http2/settings.ts";
import { append } from "../lib/define.ts";

/** From this number on a setting is the program's own: the library has a name for those before. */
const FIRST = 7;
const MAX = 10;

/** Settings the library has no names for: what this side sent, and what it wants to know of the other's. */
export class CustomSettings {
  #local: Setting[] = [];
  readonly #wanted: { readonly id: number; value: number | undefined }[] = [];

  /** @param wanted those of the other side that the program asked for */
  constructor(wanted: readonly Setting[]) {
    for (let i = 0; i < wanted.length; i++) {
      append(this.#wanted, { id: (wanted[i] as Setting)[0] & 0xffff, value: undefined });
    }
  }

  get local(): readonly Setting[] {
    return this.#local;
  }

  get remote(): readonly Setting[] {
    const settings: Setting[] = [];
    for (let i = 0; i < this.#wanted.length; i++) {
      const { id, value } = this.#wanted[i] as { id: number; value: number | undefined };
      if (value !== undefined) append(settings, [id, value] as const);
    }
    return settings;
  }

  received(settings: readonly Setting[]): void {
    for (let i = 0; i < settings.length; i++) {
      const setting = settings[i] as Setting;
      for (let j = 0; j < this.#wanted.length && setting[0] >= FIRST; j++) {
        const wanted = this.#wanted[j] as { readonly id: number; value: number | undefined };
        if (wanted.id === setting[0]) wanted.value = setting[1];
      }
    }
  }

  sent(settings: readonly Setting[]): void {
    for (let i = 0; i < settings.length; i++) {
      const setting = settings[i] as Setting;
      if (setting[0] >= FIRST) this.#keep(setting);
    }
  }

  #keep(setting: Setting): void {
    for (let i = 0; i < this.#local.length; i++) {
      if ((this.#local[i] as Setting)[0] !== setting[0]) continue;
      this.#local[i] = setting;
      return;
    }
    if (this.#local.length < MAX) append(this.#local, setting);
  }
}
