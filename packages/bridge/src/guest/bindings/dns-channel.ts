import { RecordType } from "../../contract/dns.ts";
import { bindingError } from "../lib/binding-error.ts";
import { append, dataDescriptor } from "../lib/define.ts";
import { type Answered, QUERIES, type ReadAnswer, readReverse } from "../lib/dns-answers.ts";
import { ARES_EBADSTR, aresText, PENDING_QUERIES } from "../lib/dns-errors.ts";
import { type DnsServer, DnsServers } from "../lib/dns-servers.ts";
import { DnsSlots } from "../lib/dns-slots.ts";
import { idnaToAscii } from "../lib/idna.ts";
import { implement } from "../lib/implement.ts";
import { reverseName } from "../lib/ip-address.ts";
import { ownAliases } from "../lib/own-names.ts";
import { isAddress } from "../lib/socket-address.ts";
import { errnoOf } from "../lib/uvexception.ts";
import { ArrayProto, objectDefineProperty, objectKeys, StringProto } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { asyncObjects } from "./async-object.ts";
import { type DnsChannel, DnsQuery } from "./dns-query.ts";

type ServerTuple = readonly [family: number, address: string, port: number];

const invalid = (message: string): Error => bindingError("TypeError", "ERR_INVALID_ARG_VALUE", message);

/** Names below it are never asked for (RFC 7686). */
const isOnion = (name: string): boolean => name === "onion" || StringProto.endsWith(name, ".onion");

/** `ChannelWrap` and `QueryReqWrap` of `internalBinding('cares_wrap')` (src/cares_wrap.cc). */
export function installDnsChannel(binding: Binding, realm: Realm): void {
  const slots = new DnsSlots();

  let ask: ((channel: object, request: object, name: string, type: number, read: ReadAnswer) => number) | undefined;

  class ChannelWrap extends asyncObjects(realm).AsyncWrap {
    readonly #servers: DnsServers;
    readonly #queries: DnsQuery[] = [];
    readonly #channel: DnsChannel;
    #own4 = "";
    #own6 = "";

    static {
      ask = (channel, request, name, type, read) => (channel as ChannelWrap).#ask(request, name, type, read);
    }

    constructor(timeout: number, tries: number, maxTimeout: number) {
      super();
      asyncObjects(realm).begin(this, "DNSCHANNEL");
      this.#servers = new DnsServers({ timeout, tries, maxTimeout });
      this.#channel = {
        realm,
        slots,
        servers: this.#servers,
        ownAddress: ({ isV6 }: DnsServer) => (isV6 ? this.#own6 : this.#own4),
        left: (query) => {
          const index = ArrayProto.indexOf(this.#queries, query);
          if (index >= 0) ArrayProto.splice(this.#queries, index, 1);
        },
      };
    }

    #query(request: object, name: string, type: number, read: ReadAnswer): number {
      const query = new DnsQuery(this.#channel, request, { name, type, read });
      append(this.#queries, query);
      query.start();
      return 0;
    }

    /** -> 0, and the request is called back */
    #ask(request: object, name: string, type: number, read: ReadAnswer): number {
      const ascii = idnaToAscii(realm, name);
      return isOnion(ascii) ? this.#tell(request, "ENOTFOUND") : this.#query(request, ascii, type, read);
    }

    #tell(request: object, answered: Answered): number {
      const query = new DnsQuery(this.#channel, request, { name: "", type: 0, read: () => answered });
      append(this.#queries, query);
      query.answer(answered);
      return 0;
    }

    getHostByAddr(request: object, address: string): number {
      const name = reverseName(address);
      if (name === undefined) return errnoOf(realm, "EINVAL");
      const own = ownAliases(address, realm.config.os.hostname);
      return own ? this.#tell(request, [own]) : this.#query(request, name, RecordType.PTR, readReverse);
    }

    getServers(): unknown[] {
      const shown: unknown[] = [];
      const { all } = this.#servers;
      for (let i = 0; i < all.length; i++) {
        const { address, port } = all[i] as DnsServer;
        append(shown, [address, port]);
      }
      return shown;
    }

    /** -> 0 or a status of c-ares */
    setServers(servers: readonly ServerTuple[]): number {
      if (this.#queries.length > 0) return PENDING_QUERIES;
      return this.#servers.set(servers) ? 0 : ARES_EBADSTR;
    }

    setLocalAddress(first: string, second: unknown): void {
      const isV6 = isAddress(first, true);
      if (!isV6 && !isAddress(first, false)) throw invalid("Invalid IP address.");
      let other = "";
      if (second !== undefined) {
        other = second as string;
        const isOtherV6 = isAddress(other, true);
        if (!isOtherV6 && !isAddress(other, false)) throw invalid("Invalid IP address.");
        if (isV6 === isOtherV6) throw invalid(`Cannot specify two IPv${isV6 ? 6 : 4} addresses.`);
      }
      this.#own4 = isV6 ? other : first;
      this.#own6 = isV6 ? first : other;
    }

    cancel(): void {
      const queries = ArrayProto.slice(this.#queries);
      for (let i = 0; i < queries.length; i++) (queries[i] as DnsQuery).cancel();
    }
  }
  const methods = objectKeys(QUERIES);
  for (let i = 0; i < methods.length; i++) {
    const method = methods[i] as string;
    const query = QUERIES[method] as (typeof QUERIES)[string];
    const type = query[0];
    const read = query[1];
    const asked = {
      [method](this: object, request: object, name: string): number | undefined {
        return ask?.(this, request, name, type, read);
      },
    }[method];
    objectDefineProperty(ChannelWrap.prototype, method, dataDescriptor(asked, false));
  }
  implement(binding, { strerror: aresText });
  binding["ChannelWrap"] = ChannelWrap;
  class QueryReqWrap extends asyncObjects(realm).AsyncWrap {}
  binding["QueryReqWrap"] = QueryReqWrap;
}
