import { SyscallFailure } from "../../errors/failure.ts";
import { loadCodec, makeQuery, type Reply, readReply } from "./message.ts";
import type { Wire } from "./wire.ts";

/** Longest time one question may be open, milliseconds. */
const LONGEST_MS = 300_000;

/** From the system's generator: nobody may guess the number of a query. */
const randomId = (): number => crypto.getRandomValues(new Uint16Array(1))[0] as number;

/** What ends a question before its answer. */
interface Open {
  stop(code: "ETIMEOUT" | "ECANCELLED"): void;
}

/**
 * What c-ares has a name for, a resolver's answers among them, and what the sandbox says itself; c-ares takes every other
 * failure for a server that is not there.
 */
const ARES_CODES = new Set([
  "ENODATA",
  "EFORMERR",
  "ESERVFAIL",
  "ENOTFOUND",
  "ENOTIMP",
  "EREFUSED",
  "ETIMEOUT",
  "ECANCELLED",
  "ECONNREFUSED",
  "EBADRESP",
  "EBADNAME",
  "EINVAL",
  "EMFILE",
  "EACCES",
  "ENOSYS",
]);

const failed = (error: unknown): unknown =>
  error instanceof SyscallFailure && !ARES_CODES.has(error.code) ? new SyscallFailure("ECONNREFUSED") : error;

/** The questions of one run that are not answered yet, by the guest's numbers. */
export class Questions {
  readonly #most: number;
  readonly #open = new Map<number, Open>();

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Runs something that ends with an answer, by its deadline or by `cancel`.
   * @param begin gets a place to leave what gives it up, called once when it has ended in any way; if it has already,
   * nothing more is to be done, and the place throws
   * @throws SyscallFailure EMFILE where too many are open, EEXIST where the number is taken
   */
  async run<T>(number: number, ms: number, begin: (held: (release: () => void) => void) => Promise<T>): Promise<T> {
    if (this.#open.size >= this.#most) throw new SyscallFailure("EMFILE");
    if (this.#open.has(number)) throw new SyscallFailure("EEXIST");
    if (ms < 1) throw new SyscallFailure("EINVAL");
    const releases: (() => void)[] = [];
    let isOver = false;
    let timer: NodeJS.Timeout | undefined;
    const stopped = new Promise<never>((_resolve, reject) => {
      const stop = (code: string): void => reject(new SyscallFailure(code));
      timer = setTimeout(() => stop("ETIMEOUT"), Math.min(ms, LONGEST_MS));
      this.#open.set(number, { stop });
    });
    const held = (release: () => void): void => {
      releases.push(release);
      if (!isOver) return;
      release();
      throw new SyscallFailure("ECANCELLED");
    };
    try {
      return await Promise.race([begin(held), stopped]);
    } catch (error) {
      throw failed(error);
    } finally {
      isOver = true;
      clearTimeout(timer);
      this.#open.delete(number);
      for (const release of releases) release();
    }
  }

  cancel(number: number): void {
    this.#open.get(number)?.stop("ECANCELLED");
  }

  /** The run is over. */
  cancelAll(): void {
    for (const { stop } of this.#open.values()) stop("ECANCELLED");
  }

  /** Asks one server once, under a random number, and takes the first answer that is one. */
  async ask(
    number: number,
    name: string,
    type: number,
    ms: number,
    connect: () => Promise<Wire> | Wire,
  ): Promise<Reply> {
    return this.run(number, ms, async (held) => {
      const codec = await loadCodec();
      const query = makeQuery(codec, randomId(), name, type);
      const wire = await connect();
      held(() => wire.close());
      await wire.send(query.bytes);
      for (;;) {
        const reading = readReply(codec, await wire.receive(), query);
        if (reading === "malformed") throw new SyscallFailure("EBADRESP");
        if (reading !== "foreign") return reading;
      }
    });
  }
}
