import type { CloneContext, CloneMessage } from "../lib/clone-message.ts";
import { append } from "../lib/define.ts";
import type { Ports } from "../lib/message-port.ts";
import { utf8Decode, utf8Encode } from "../lib/utf8.ts";
import { ArrayProto, SafeWeakMap, typedArrayBuffer, typedArrayByteLength } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { figures } from "./figures.ts";
import { Kind } from "./frames.ts";
import { Link, type LinkEvents } from "./link.ts";

/** What the binding `messaging` has that crosses threads. */
export interface Messaging {
  readonly ports: Ports;
  readonly context: CloneContext;
}

const COUNTER_BYTES = 4;
const Counts = Uint32Array;

/** One thread's connections: to whom started it, and to those it started. What all threads are to hear goes along them. */
export class Threads {
  readonly ports: Ports;
  readonly context: CloneContext;
  readonly #realm: Realm;
  readonly #links: Link[] = [];
  readonly #starters = new SafeWeakMap<object, boolean>();
  #counter: object | undefined;
  #port: object | undefined;

  constructor(realm: Realm, { ports, context }: Messaging) {
    this.#realm = realm;
    this.ports = ports;
    this.context = context;
    ports.libraryMemory = (port, message) => this.#counterIn(port, message);
    ports.onBroadcast = (name, message) => this.#tell(name, message, undefined);
  }

  /** Opens this side of a connection. @param isStarter this side started the other one */
  link(isStarter: boolean, end: LinkEvents["end"], answer: LinkEvents["answer"]): Link {
    const link: Link = new Link(this.#realm, this, isStarter, {
      cwd: (path) => this.moved(utf8Decode(path, 0, typedArrayByteLength(path)), link),
      query: (id, payload) => link.send(id, Kind.answer, figures(this.#realm, payload)),
      answer,
      end: (isBroken) => {
        const at = ArrayProto.indexOf(this.#links, link);
        if (at !== -1) ArrayProto.splice(this.#links, at, 1);
        end(isBroken);
      },
    });
    append(this.#links, link);
    return link;
  }

  /** In a thread: connects it with who started it. */
  open(): void {
    const link = this.link(
      false,
      () => {},
      () => {},
    );
    this.#counter = new SharedArrayBuffer(COUNTER_BYTES);
    this.#port = this.ports.attach(link.first());
    link.attach(this.#realm.sys.worker.channel());
  }

  /** In a thread: the port to who started it. */
  get port(): object | undefined {
    return this.#port;
  }

  /**
   * The counter by which a thread knows that the process changed its directory. Threads share no memory: each has its
   * own, and counts what it is told.
   */
  get counter(): object | undefined {
    return this.#counter;
  }

  /** Names the port over which the library itself speaks with a thread this one starts. */
  addStarter(port: object): void {
    this.#starters.set(port, true);
  }

  /** The library's counter, where a message has it: the one that starts a thread. */
  #counterIn(port: object, message: unknown): object | undefined {
    if (!this.#starters.has(port)) return undefined;
    const { cwdCounter } = message as { cwdCounter?: ArrayBufferView };
    if (cwdCounter) this.#counter = typedArrayBuffer(cwdCounter);
    return this.#counter;
  }

  /** The process's directory is another one; `from` has said so. */
  moved(path: string, from?: Link): void {
    if (from && this.#counter) {
      this.#realm.cwd = path;
      const count = new Counts(this.#counter as SharedArrayBuffer);
      count[0] = (count[0] as number) + 1;
    }
    const bytes = utf8Encode(path);
    for (let i = 0; i < this.#links.length; i++) if (this.#links[i] !== from) (this.#links[i] as Link).cwd(bytes);
  }

  /** A thread broadcast something. */
  heard(name: string, message: CloneMessage, from: Link): void {
    this.ports.heard(name, message);
    this.#tell(name, message, from);
  }

  #tell(name: string, message: CloneMessage, from: Link | undefined): void {
    for (let i = 0; i < this.#links.length; i++) {
      const link = this.#links[i] as Link;
      if (link !== from) link.broadcast(name, message);
    }
  }
}

const messagings = new SafeWeakMap<Realm, Messaging>();
const made = new SafeWeakMap<Realm, Threads>();

/** Told by the binding `messaging`. */
export const offerMessaging = (realm: Realm, messaging: Messaging): void => void messagings.set(realm, messaging);

/** The connections of one realm's thread. */
export function threadsOf(realm: Realm): Threads {
  const known = made.get(realm);
  if (known) return known;
  realm.internalBinding("messaging");
  const threads = new Threads(realm, messagings.get(realm) as Messaging);
  made.set(realm, threads);
  return threads;
}

/** Tells the threads, if there are any, that the process's directory is another one. */
export const directoryChanged = (realm: Realm): void => made.get(realm)?.moved(realm.cwd);
