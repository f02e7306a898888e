import { MAX_QUESTIONS, RecordType } from "@vivarium/bridge/contract";
import { SyscallFailure } from "../../errors/failure.ts";
import type { Granted } from "../../permissions/granted.ts";
import { networkNeedOf } from "../../permissions/network/need.ts";
import type { Handlers, Outside } from "../../syscalls/driver.ts";
import type { HostRecord } from "../../syscalls/outside-resolver.ts";
import type { Datagrams } from "../loopback/datagrams.ts";
import type { Loopback } from "../loopback/loopback.ts";
import type { Sockets } from "../outside/sockets.ts";
import type { Streams } from "../streams.ts";
import type { Reply } from "./message.ts";
import { Questions } from "./questions.ts";
import { innerWire, outerWire, streamWire, type Wire } from "./wire.ts";

export interface DnsParts {
  readonly datagrams: Datagrams;
  readonly loopback: Loopback;
  readonly streams: Streams;
  readonly outside: Outside;
  /** Connections and sockets outside, counted. */
  readonly sockets: Sockets;
  readonly learn: (hostname: string, addresses: readonly string[]) => void;
  readonly atEnd: (release: () => void) => void;
}

const flatReply = ({ truncated, code, records }: Reply) => [truncated, code, ...records];

const flatRecords = (records: readonly HostRecord[]) => [
  false,
  0,
  ...records.flatMap(({ type, ttl, fields }) => [type, ttl, fields.length, ...fields]),
];

const isAddress = (type: number): boolean => type === RecordType.A || type === RecordType.AAAA;

/** The handlers of `dns`. */
export function dnsHandlers(parts: DnsParts): Handlers<"dns"> {
  const { datagrams, loopback, streams, outside, sockets, learn, atEnd } = parts;
  const questions = new Questions(MAX_QUESTIONS);
  atEnd(() => questions.cancelAll());

  const insideStream = async (server: string, port: number): Promise<Wire> => {
    const { stream } = await loopback.dial("tcp", server, port, 0);
    const wire = streamWire(streams.get(stream));
    return { ...wire, close: () => streams.close(stream) };
  };
  const outsideStream = async (granted: Granted): Promise<Wire> => {
    const { stream } = await sockets.connect((signal) => outside.connect(granted, { address: "", port: 0 }, signal));
    return streamWire(stream);
  };
  const outsideDatagrams = async (granted: Granted): Promise<Wire> => {
    const wire = await sockets.open(async () => outerWire(outside.datagrams, granted, sockets.traffic));
    return { ...wire, close: sockets.closing(() => wire.close()) };
  };
  return {
    ask: async (_grants, number, name, type, server, port, from, ms, tcp) =>
      flatReply(
        await questions.ask(number, name, type, ms, () =>
          tcp ? insideStream(server, port) : innerWire(datagrams, server, port, from),
        ),
      ),
    askOutside: async (grants, number, name, type, _server, _port, _from, ms, tcp) => {
      const server = grants[1] as Granted;
      const way = tcp ? outsideStream : outsideDatagrams;
      return flatReply(await questions.ask(number, name, type, ms, () => way(server)));
    },
    resolve: async (grants, number, _name, type, ms) => {
      const [granted] = grants as [Granted];
      if (type < 1) throw new SyscallFailure("EINVAL");
      const records = await questions.run(number, ms, async (held) => {
        const asked = outside.resolver.resolve(granted, type, ms);
        held(() => asked.cancel());
        return asked.records;
      });
      const addresses = records.filter((record) => isAddress(record.type)).map(({ fields }) => String(fields[0]));
      learn(networkNeedOf(granted).hostname, addresses);
      return flatRecords(records);
    },
    cancel: (_grants, number) => {
      questions.cancel(number);
      return undefined;
    },
  };
}
