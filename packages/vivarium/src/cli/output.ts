import type { Writable } from "node:stream";
import type { OnStdio } from "@vivarium/core";

const NEWLINE = 10;

/** The host's standard streams: guest bytes go through as they are, the host's own lines only between guest lines. */
export class Output {
  readonly #streams: { readonly stdout: Writable; readonly stderr: Writable };
  readonly #waiting: string[] = [];
  #atLineStart = true;

  /** `onGone` is called when a reader has closed its end, as `| head` does. */
  constructor(streams: { readonly stdout: Writable; readonly stderr: Writable }, onGone: () => void) {
    this.#streams = streams;
    streams.stdout.on("error", onGone);
    streams.stderr.on("error", onGone);
  }

  /** Takes a piece of guest output; a promise while the host's stream is full. */
  readonly write: OnStdio = ({ channel, data }) => {
    const stream = this.#streams[channel];
    if (data.length === 0 || stream.destroyed) return;
    const room = stream.write(data);
    if (channel === "stderr") {
      this.#atLineStart = data.at(-1) === NEWLINE;
      this.#flush();
    }
    if (!room) return drained(stream);
  };

  /** One line of the host's own on standard error. */
  say(text: string): void {
    this.#waiting.push(`vivarium: ${text}\n`);
    this.#flush();
  }

  /** Puts out what waits and settles when both streams have taken everything. */
  async end(): Promise<void> {
    if (this.#waiting.length > 0 && !this.#atLineStart) this.#streams.stderr.write("\n");
    this.#atLineStart = true;
    this.#flush();
    await Promise.all([written(this.#streams.stdout), written(this.#streams.stderr)]);
  }

  #flush(): void {
    if (!this.#atLineStart || this.#streams.stderr.destroyed) return;
    for (const line of this.#waiting.splice(0)) this.#streams.stderr.write(line);
  }
}

const once = (stream: Writable, event: "drain", done: () => void): void => {
  const settle = () => {
    stream.off(event, settle).off("close", settle).off("error", settle);
    done();
  };
  stream.on(event, settle).on("close", settle).on("error", settle);
};

const drained = (stream: Writable): Promise<void> => new Promise((resolve) => once(stream, "drain", resolve));

const written = (stream: Writable): Promise<void> =>
  stream.destroyed || stream.writableLength === 0 ? Promise.resolve() : drained(stream);
