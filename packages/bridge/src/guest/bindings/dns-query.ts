import { type Settle, SyscallError } from "../client.ts";
import { append } from "../lib/define.ts";
import type { Answered, ReadAnswer } from "../lib/dns-answers.ts";
import { serverError } from "../lib/dns-errors.ts";
import { readReply } from "../lib/dns-records.ts";
import { type DnsServer, type DnsServers, isOwnResolver } from "../lib/dns-servers.ts";
import type { DnsSlots } from "../lib/dns-slots.ts";
import { refusedStatus } from "../lib/network-status.ts";
import { isOwnAddress } from "../lib/socket-address.ts";
import { ArrayProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { asyncObjects } from "./async-object.ts";

/** What is asked. */
export interface DnsQuestion {
  readonly name: string;
  readonly type: number;
  readonly read: ReadAnswer;
}

/** What a query has of its channel. */
export interface DnsChannel {
  readonly realm: Realm;
  readonly slots: DnsSlots;
  readonly servers: DnsServers;
  /** The own address towards a server, "" for any. */
  ownAddress(server: DnsServer): string;
  /** The query is over; its callback comes next. */
  left(query: DnsQuery): void;
}

/** After these another server, or the same one once more, may know better. */
const RETRIED = ["ETIMEOUT", "ECONNREFUSED", "EBADRESP"];

/** One query of a channel: goes from server to server as c-ares does until one has answered. */
export class DnsQuery {
  readonly #channel: DnsChannel;
  readonly #question: DnsQuestion;
  readonly #finish: (args: readonly unknown[]) => void;
  readonly #denied: DnsServer[] = [];
  #denial: SyscallError | undefined;
  /** The same, of an address of the machine itself. */
  #ownDenial: SyscallError | undefined;
  #attempt = 0;
  #lastError: string | undefined;
  /** The number of the question that is open at the host, 0: none. */
  #number = 0;
  #isOver = false;

  /** @param request the library's object, with its `oncomplete` */
  constructor(channel: DnsChannel, request: object, question: DnsQuestion) {
    this.#channel = channel;
    this.#question = question;
    const { realm } = channel;
    const resource = asyncObjects(realm).begin(request, "QUERYWRAP");
    realm.loop.ref();
    this.#finish = (args) => {
      realm.loop.unref();
      const { oncomplete } = request as { oncomplete?: unknown };
      if (typeof oncomplete === "function") resource.call(oncomplete, args);
      resource.destroy();
    };
  }

  start(): void {
    if (this.#channel.servers.all.length === 0) this.#end("UNKNOWN_ARES_ERROR");
    else this.#next();
  }

  /** Answers it without asking anybody. */
  answer(answered: Answered): void {
    this.#end(answered);
  }

  cancel(): void {
    const number = this.#number;
    this.#end("ECANCELLED");
    if (number !== 0) this.#channel.realm.sys.dns.cancel(number);
  }

  /** Answers it, and then tells the library in a callback of its own before the next immediates. */
  #end(answered: Answered): void {
    this.#settle(() => this.#finish(typeof answered === "string" ? [answered] : [0, answered[0], answered[1]]));
  }

  #settle(tell: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#channel.realm.loop.beforeCheck(() => {
      this.#channel.left(this);
      tell();
    });
  }

  #next(): void {
    const { servers, realm } = this.#channel;
    const server = this.#attempt < servers.attempts ? servers.choose((one) => this.#isDenied(one)) : undefined;
    const denial = this.#denial ?? (this.#lastError === undefined ? this.#ownDenial : undefined);
    if (server)
      this.#ask(server, servers.timeout(this.#attempt++), isOwnAddress(server.address) ? "inside" : "outside", false);
    else if (denial) this.#settle(() => this.#finish([refusedStatus(realm, denial)]));
    else this.#end(this.#lastError ?? "ECONNREFUSED");
  }

  #isDenied(server: DnsServer): boolean {
    return ArrayProto.includes(this.#denied, server);
  }

  #ask(server: DnsServer, ms: number, where: "inside" | "outside", tcp: boolean): void {
    const { slots } = this.#channel;
    slots.enter(() => {
      if (this.#isOver) {
        slots.leave();
        return;
      }
      this.#number = slots.nextNumber();
      this.#start(server, ms, where, tcp, (failure, result) => {
        this.#number = 0;
        slots.leave();
        if (this.#isOver) return;
        // Nobody of the sandbox's own is there: whoever is at that address of the host's is outside.
        if (failure?.code === "ECONNREFUSED" && where === "inside") this.#ask(server, ms, "outside", tcp);
        else if (failure) this.#fail(server, failure);
        else this.#take(server, ms, where, tcp, result as readonly unknown[]);
      });
    });
  }

  #start(server: DnsServer, ms: number, where: "inside" | "outside", tcp: boolean, settle: Settle): void {
    const { realm } = this.#channel;
    const { name, type } = this.#question;
    const { address, port } = server;
    const number = this.#number;
    try {
      if (where === "outside" && isOwnResolver(server)) realm.start("dns.resolve", settle, number, name, type, ms);
      else {
        const call = where === "inside" ? "dns.ask" : "dns.askOutside";
        realm.start(call, settle, number, name, type, address, port, this.#channel.ownAddress(server), ms, tcp);
      }
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      settle(error, undefined);
    }
  }

  #fail(server: DnsServer, failure: SyscallError): void {
    const { code } = failure;
    if (code === "EACCES" && isOwnAddress(server.address) && !isOwnResolver(server)) {
      // Nobody of the sandbox's own is there. To a query that others failed as well, that is a server like theirs.
      server.failures += 1;
      this.#ownDenial = failure;
      if (this.#lastError !== undefined) this.#lastError = "ECONNREFUSED";
      this.#next();
    } else if (code === "EACCES") {
      append(this.#denied, server);
      this.#denial = failure;
      this.#next();
    } else if (ArrayProto.includes(RETRIED, code)) {
      server.failures += 1;
      this.#lastError = code;
      this.#next();
    } else this.#end(code);
  }

  #take(server: DnsServer, ms: number, where: "inside" | "outside", tcp: boolean, result: readonly unknown[]): void {
    const { truncated, code, records } = readReply(result);
    if (truncated && !tcp) {
      this.#ask(server, ms, where, true);
      return;
    }
    server.failures = 0;
    this.#end(serverError(code, records.length) ?? this.#question.read(records, this.#question.name));
  }
}
