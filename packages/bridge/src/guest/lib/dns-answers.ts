import { RecordType } from "../../contract/dns.ts";
import { mathMin, typedArrayBuffer } from "../primordials.ts";
import { append, putOwn } from "./define.ts";
import { type DnsRecord, recordsOf } from "./dns-records.ts";

/** What `oncomplete` gets after 0; or the code of an error. */
export type Answered = readonly unknown[] | string;

/** Makes the answer to one kind of query of the records a server sent. @param name the name that was asked for */
export type ReadAnswer = (records: readonly DnsRecord[], name: string) => Answered;

type Make = (record: DnsRecord) => object | string;

const first = ({ fields }: DnsRecord): string => fields[0] as string;

/** A 32-bit number that Node's C++ shows with a sign. */
const signed = (value: unknown): number => (value as number) | 0;

const shapes = {
  mx: ({ fields }: DnsRecord) => ({ exchange: fields[1], priority: fields[0] }),
  srv: ({ fields }: DnsRecord) => ({ name: fields[3], port: fields[2], priority: fields[0], weight: fields[1] }),
  naptr: ({ fields }: DnsRecord) => ({
    flags: fields[2],
    service: fields[3],
    regexp: fields[4],
    replacement: fields[5],
    order: fields[0],
    preference: fields[1],
  }),
  soa: ({ fields }: DnsRecord) => ({
    nsname: fields[0],
    hostmaster: fields[1],
    serial: fields[2],
    refresh: signed(fields[3]),
    retry: signed(fields[4]),
    expire: signed(fields[5]),
    minttl: fields[6],
  }),
  caa({ fields }: DnsRecord) {
    const shown = { critical: fields[0] };
    putOwn(shown, fields[1] as string, fields[2]);
    return shown;
  },
  tlsa: ({ fields }: DnsRecord) => ({
    certUsage: fields[0],
    selector: fields[1],
    match: fields[2],
    data: typedArrayBuffer(fields[3] as Uint8Array),
  }),
} as const;

function each(records: readonly DnsRecord[], type: number, make: Make, into: unknown[] = []): unknown[] {
  const found = recordsOf(records, type);
  for (let i = 0; i < found.length; i++) append(into, make(found[i] as DnsRecord));
  return into;
}

/** A TLSA record stands at its place among all records of the answer, and what is before it may be a hole. */
function tlsaInto(records: readonly DnsRecord[], into: unknown[]): unknown[] {
  const offset = into.length;
  for (let i = 0; i < records.length; i++) {
    const record = records[i] as DnsRecord;
    if (record.type === RecordType.TLSA) putOwn(into, offset + i, shapes.tlsa(record));
  }
  return into;
}

/** An address is worth keeping no longer than the aliases that led to it. */
function ttlOf(records: readonly DnsRecord[], { ttl }: DnsRecord): number {
  const aliases = recordsOf(records, RecordType.CNAME);
  let least = ttl;
  for (let i = 0; i < aliases.length; i++) least = mathMin(least, (aliases[i] as DnsRecord).ttl);
  return least;
}

/** Aliases alone are an answer too, of no addresses. */
const addresses =
  (type: number): ReadAnswer =>
  (records) => {
    const found = recordsOf(records, type);
    if (found.length === 0 && recordsOf(records, RecordType.CNAME).length === 0) return "ENODATA";
    const texts: string[] = [];
    const ttls: number[] = [];
    for (let i = 0; i < found.length; i++) {
      append(texts, first(found[i] as DnsRecord));
      append(ttls, ttlOf(records, found[i] as DnsRecord));
    }
    return [texts, ttls];
  };

/** The name that the first alias leads to; of a name that is none, itself. */
const alias: ReadAnswer = (records, name) => {
  const found = recordsOf(records, RecordType.CNAME)[0];
  if (found) return [[first(found)]];
  return recordsOf(records, RecordType.A).length > 0 ? [[name]] : "ENODATA";
};

const names =
  (type: number): ReadAnswer =>
  (records) => {
    const found = each(records, type, first);
    return found.length > 0 ? [found] : "ENODATA";
  };

/** Records of other types are an answer too, of none. */
const list =
  (type: number, make: Make): ReadAnswer =>
  (records) =>
    records.length === 0 ? "ENODATA" : [each(records, type, make)];

const typed =
  (type: string, make: (record: DnsRecord) => object): Make =>
  (record) => {
    const shown = make(record);
    putOwn(shown, "type", type);
    return shown;
  };

const value =
  (type: string): Make =>
  (record) => ({ value: first(record), type });

const entries: Make = ({ fields }) => fields as string[];

/** Everything there is, in the order in which Node's C++ looks for it. */
const any: ReadAnswer = (records) => {
  const address =
    (type: string): Make =>
    (record) => ({ address: first(record), ttl: ttlOf(records, record), type });
  const found: unknown[] = [];
  const renamed = recordsOf(records, RecordType.CNAME)[0];
  if (renamed) append(found, value("CNAME")(renamed));
  else each(records, RecordType.A, address("A"), found);
  each(records, RecordType.AAAA, address("AAAA"), found);
  each(records, RecordType.MX, typed("MX", shapes.mx), found);
  each(records, RecordType.NS, value("NS"), found);
  each(records, RecordType.TXT, (record) => ({ entries: entries(record), type: "TXT" }), found);
  each(records, RecordType.SRV, typed("SRV", shapes.srv), found);
  each(records, RecordType.PTR, value("PTR"), found);
  each(records, RecordType.NAPTR, typed("NAPTR", shapes.naptr), found);
  const soa = recordsOf(records, RecordType.SOA)[0];
  if (soa) append(found, typed("SOA", shapes.soa)(soa));
  tlsaInto(records, found);
  each(records, RecordType.CAA, typed("CAA", shapes.caa), found);
  return [found];
};

/** Each method of `ChannelWrap` that asks about a name: the type it asks for, and what it makes of the answer. */
export const QUERIES: Readonly<Record<string, readonly [type: number, read: ReadAnswer]>> = {
  queryAny: [RecordType.ANY, any],
  queryA: [RecordType.A, addresses(RecordType.A)],
  queryAaaa: [RecordType.AAAA, addresses(RecordType.AAAA)],
  queryCaa: [RecordType.CAA, list(RecordType.CAA, shapes.caa)],
  queryCname: [RecordType.CNAME, alias],
  queryMx: [RecordType.MX, list(RecordType.MX, shapes.mx)],
  queryNs: [RecordType.NS, names(RecordType.NS)],
  queryTlsa: [RecordType.TLSA, (records) => [tlsaInto(records, [])]],
  queryTxt: [RecordType.TXT, list(RecordType.TXT, entries)],
  querySrv: [RecordType.SRV, list(RecordType.SRV, shapes.srv)],
  queryPtr: [RecordType.PTR, names(RecordType.PTR)],
  queryNaptr: [RecordType.NAPTR, list(RecordType.NAPTR, shapes.naptr)],
  querySoa: [
    RecordType.SOA,
    (records) => {
      const found = recordsOf(records, RecordType.SOA)[0];
      return found ? [shapes.soa(found)] : "EBADRESP";
    },
  ],
};

/** The names of an address. */
export const readReverse: ReadAnswer = names(RecordType.PTR);
