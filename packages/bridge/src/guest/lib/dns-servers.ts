import { mathMin } from "../primordials.ts";
import { append } from "./define.ts";
import { formatAddress, parseAddress } from "./ip-address.ts";

const PORT = 53;
/** What c-ares waits for an answer where nothing else is said, milliseconds. */
const DEFAULT_TIMEOUT_MS = 2000;
const MOST_MS = 2 ** 31 - 1;
/** What c-ares asks where a machine names no server. Here the host's own resolver stands behind it. */
const OWN_RESOLVER = "127.0.0.1";

/** A server of a channel. */
export interface DnsServer {
  readonly address: string;
  readonly port: number;
  readonly isV6: boolean;
  /** Times in a row that it did not answer. */
  failures: number;
}

/** Options of a channel, as its constructor gets them. */
export interface ChannelOptions {
  /** Milliseconds; none is the default. */
  readonly timeout: number;
  readonly tries: number;
  /** Milliseconds; 0 is no limit. */
  readonly maxTimeout: number;
}

export const isOwnResolver = ({ address, port }: DnsServer): boolean => address === OWN_RESOLVER && port === PORT;

/** The servers of one channel, and in which order and how long they are asked. */
export class DnsServers {
  readonly #options: ChannelOptions;
  #list: DnsServer[] = [{ address: OWN_RESOLVER, port: PORT, isV6: false, failures: 0 }];

  constructor(options: ChannelOptions) {
    this.#options = options;
  }

  get all(): readonly DnsServer[] {
    return this.#list;
  }

  /** One that is there twice is asked as one. -> whether all are addresses */
  set(servers: readonly (readonly [family: number, address: string, port: number])[]): boolean {
    const list: DnsServer[] = [];
    for (let i = 0; i < servers.length; i++) {
      const tuple = servers[i] as readonly [number, string, number];
      const isV6 = tuple[0] === 6;
      const text = tuple[1];
      const port = tuple[2];
      const bytes = parseAddress(text, isV6);
      if (!bytes) return false;
      const server = { address: formatAddress(bytes), port: port === 0 ? PORT : port, isV6, failures: 0 };
      let isKnown = false;
      for (let j = 0; j < list.length; j++) {
        const other = list[j] as DnsServer;
        isKnown ||= other.address === server.address && other.port === server.port;
      }
      if (!isKnown) append(list, server);
    }
    this.#list = list;
    return true;
  }

  /** How often a query is sent before it is given up. */
  get attempts(): number {
    return this.#list.length * this.#options.tries;
  }

  /** The one that failed least, the first of equals, without those that are out of the question. */
  choose(isOut: (server: DnsServer) => boolean): DnsServer | undefined {
    let best: DnsServer | undefined;
    for (let i = 0; i < this.#list.length; i++) {
      const server = this.#list[i] as DnsServer;
      if (!isOut(server) && (!best || server.failures < best.failures)) best = server;
    }
    return best;
  }

  /** How long the attempt of this number (from 0) waits: twice as long each time all servers have been asked. */
  timeout(attempt: number): number {
    const { timeout, maxTimeout } = this.#options;
    const base = timeout > 0 ? timeout : DEFAULT_TIMEOUT_MS;
    let ms = base;
    for (let asked = this.#list.length; asked <= attempt && ms < MOST_MS; asked += this.#list.length) ms *= 2;
    return mathMin(ms, maxTimeout > 0 ? maxTimeout : MOST_MS, MOST_MS);
  }
}
