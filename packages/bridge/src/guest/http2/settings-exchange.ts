import type { Connection } from "./connection.ts";
import { Failure } from "./errors.ts";
import { Queue } from "./queue.ts";
import {
  initialSettings,
  isValidSetting,
  MAX_FRAME_SIZE,
  MAX_WINDOW,
  MIN_FRAME_SIZE,
  SETTING_NAMES,
  type Setting,
  SettingId,
  UNLIMITED,
} from "./settings.ts";

/** What is wrong with a setting of the other side's, in nghttp2's words. */
interface Problem {
  readonly failure: number;
  readonly reason?: string;
}

/** What both sides of a connection have said of themselves, and what follows from it (RFC 9113 section 6.5). */
export class SettingsExchange {
  readonly #connection: Connection;
  /** What the other side holds to: it has acknowledged it. */
  readonly local = initialSettings();
  readonly remote = initialSettings();
  /** Sent and not acknowledged, oldest first. */
  readonly #unacknowledged = new Queue<readonly Setting[]>();
  /** What was sent last of settings that are held to before they are acknowledged. */
  #maxStreams = UNLIMITED;
  #enablePush = 1;
  #connectProtocol = 0;
  #hasRemote = false;
  #priorities: number | undefined;

  /** @param peerMaxStreams how many streams the other side takes before it has said so */
  constructor(connection: Connection, peerMaxStreams: number) {
    this.#connection = connection;
    this.remote.maxConcurrentStreams = peerMaxStreams;
  }

  /** Streams the other side may open, by what it was told last. */
  get maxStreams(): number {
    return this.#maxStreams;
  }

  /** Whether promises are taken, by what the other side was told last. */
  get takesPromises(): boolean {
    return this.#enablePush !== 0;
  }

  /** Whether `:protocol` is taken (RFC 8441), by what the other side was told last. */
  get takesConnectProtocol(): boolean {
    return this.#connectProtocol !== 0;
  }

  /** @returns 0, or a failure */
  submit(settings: readonly Setting[]): number {
    for (let i = 0; i < settings.length; i++) {
      const setting = settings[i] as Setting;
      if (!isValidSetting(setting)) return Failure.invalidArgument;
      if (setting[0] === SettingId.maxConcurrentStreams) this.#maxStreams = setting[1];
      else if (setting[0] === SettingId.enablePush) this.#enablePush = setting[1];
      else if (setting[0] === SettingId.enableConnectProtocol) this.#connectProtocol = setting[1];
    }
    this.#connection.outbox.addUrgent({ kind: "settings", streamId: 0, isAck: false, settings });
    this.#unacknowledged.push(settings);
    return 0;
  }

  /** The other side holds to what it was told. @returns what is wrong with that */
  acknowledged(): Problem | undefined {
    const settings = this.#unacknowledged.shift();
    if (!settings) return { failure: Failure.protocol, reason: "SETTINGS: unexpected ACK" };
    return this.#applyLocal(settings) ? undefined : { failure: Failure.flowControl };
  }

  /** @returns whether the windows can be so */
  #applyLocal(settings: readonly Setting[]): boolean {
    const { local } = this;
    let fits = true;
    for (let i = 0; i < settings.length; i++) {
      const { 0: id, 1: value } = settings[i] as Setting;
      const name = SETTING_NAMES[id];
      if (!name) continue;
      if (name === "headerTableSize") this.#connection.decoder.resize(value);
      else if (name === "initialWindowSize") fits = fits && this.#shiftReceiving(value - local.initialWindowSize);
      local[name] = value;
    }
    return fits;
  }

  #shiftReceiving(by: number): boolean {
    const { streams, flow } = this.#connection;
    let fits = true;
    streams.forEach((stream) => {
      fits = fits && stream.receiving.shift(by);
      if (fits) flow.consumeStream(stream, 0);
    });
    return fits;
  }

  /** Holds to what the other side says. @returns what is wrong with it */
  receive(settings: readonly Setting[]): Problem | undefined {
    if (!this.#hasRemote) {
      this.#hasRemote = true;
      this.remote.maxConcurrentStreams = UNLIMITED;
    }
    for (let i = 0; i < settings.length; i++) {
      const { 0: id, 1: value } = settings[i] as Setting;
      const problem = this.#applyRemote(id, value);
      if (problem) return problem;
    }
    this.#priorities ??= 0;
    return undefined;
  }

  #applyRemote(id: number, value: number): Problem | undefined {
    const reason = this.#objectionTo(id, value);
    if (reason !== undefined) return { failure: Failure.protocol, reason };
    if (id === SettingId.noPriorities) this.#priorities = value;
    const name = SETTING_NAMES[id];
    if (!name) return undefined;
    if (name === "initialWindowSize") {
      const problem = this.#shiftSending(value);
      if (problem) return problem;
    }
    if (name === "headerTableSize") this.#connection.encoder.resize(value);
    this.remote[name] = value;
    return undefined;
  }

  /** Why the other side may not say so; nothing where it may. */
  #objectionTo(id: number, value: number): string | undefined {
    const { isServer } = this.#connection;
    switch (id) {
      case SettingId.enablePush:
        if (value > 1) return "SETTINGS: invalid SETTINGS_ENBLE_PUSH";
        return isServer || value === 0 ? undefined : "SETTINGS: server attempted to enable push";
      case SettingId.maxFrameSize:
        if (value >= MIN_FRAME_SIZE && value <= MAX_FRAME_SIZE) return undefined;
        return "SETTINGS: invalid SETTINGS_MAX_FRAME_SIZE";
      case SettingId.enableConnectProtocol:
        if (value > 1) return "SETTINGS: invalid SETTINGS_ENABLE_CONNECT_PROTOCOL";
        if (isServer || this.remote.enableConnectProtocol === 0 || value !== 0) return undefined;
        return "SETTINGS: server attempted to disable SETTINGS_ENABLE_CONNECT_PROTOCOL";
      case SettingId.noPriorities:
        if (value > 1) return "SETTINGS: invalid SETTINGS_NO_RFC7540_PRIORITIES";
        if (this.#priorities === undefined || this.#priorities === value) return undefined;
        return "SETTINGS: SETTINGS_NO_RFC7540_PRIORITIES cannot be changed";
      default:
        return undefined;
    }
  }

  /** The other side wants its streams' windows to begin with so many bytes: those there are change by the difference. */
  #shiftSending(size: number): Problem | undefined {
    if (size > MAX_WINDOW) {
      return { failure: Failure.flowControl, reason: "SETTINGS: too large SETTINGS_INITIAL_WINDOW_SIZE" };
    }
    const { streams, sending } = this.#connection;
    const by = size - this.remote.initialWindowSize;
    let fits = true;
    streams.forEach((stream) => {
      fits = fits && stream.shiftSendWindow(by);
      if (fits) sending.resumeWindow(stream);
    });
    return fits ? undefined : { failure: Failure.flowControl };
  }
}
