import { Buffer } from "node:buffer";
import { RecordType } from "@vivarium/bridge/contract";
import type { Answer, CaaData, MxData, NaptrData, SoaData, SrvData, TlsaData, TxtData } from "dns-packet";

type Field = string | number | Uint8Array;

/** Text of a record, a character a byte, as Node shows it. */
const latin1 = (text: string | Buffer): string => Buffer.from(text as string).toString("latin1");

const name = (data: unknown): readonly Field[] => [data as string];

/** The fields of each type of record that Node knows, in wire order. */
const FIELDS: Readonly<Record<string, (data: unknown) => readonly Field[]>> = {
  A: name,
  AAAA: name,
  NS: name,
  CNAME: name,
  PTR: name,
  MX(data) {
    const { preference = 0, exchange } = data as MxData;
    return [preference, exchange];
  },
  TXT(data) {
    const parts = data as TxtData;
    return (Array.isArray(parts) ? parts : [parts]).map(latin1);
  },
  SRV(data) {
    const { priority = 0, weight = 0, port, target } = data as SrvData;
    return [priority, weight, port, target];
  },
  NAPTR(data) {
    const { order, preference, flags, services, regexp, replacement } = data as NaptrData;
    return [order, preference, latin1(flags), latin1(services), latin1(regexp), replacement];
  },
  SOA(data) {
    const { mname, rname, serial = 0, refresh = 0, retry = 0, expire = 0, minimum = 0 } = data as SoaData;
    return [mname, rname, serial, refresh, retry, expire, minimum];
  },
  TLSA(data) {
    const { usage, selector, matchingType, certificate } = data as TlsaData;
    return [usage, selector, matchingType, certificate];
  },
  CAA(data) {
    const { flags = 0, tag, value } = data as CaaData;
    return [flags, latin1(tag), latin1(value)];
  },
};

const NUMBERS: Readonly<Record<string, number>> = RecordType;
/** Stands for the types whose fields nobody asks for. */
const OTHER = 0;

/** Records laid end to end: type, ttl, how many fields, the fields. */
export function flatten(answers: readonly Answer[]): readonly Field[] {
  return answers.flatMap((answer) => {
    const isInternet = !("class" in answer) || answer.class === "IN";
    const fields = isInternet ? FIELDS[answer.type] : undefined;
    if (!fields || !("data" in answer)) return [OTHER, 0, 0];
    const values = fields(answer.data);
    return [NUMBERS[answer.type] ?? OTHER, answer.ttl ?? 0, values.length, ...values];
  });
}
