import { ArrayProto } from "../primordials.ts";
import { append } from "./define.ts";

/** One record of an answer. */
export interface DnsRecord {
  readonly type: number;
  readonly ttl: number;
  /** In wire order. */
  readonly fields: readonly unknown[];
}

/** An answer as the host tells it: whether it was truncated, its code, then each record's type, ttl, count and fields. */
export interface DnsReply {
  readonly truncated: boolean;
  readonly code: number;
  readonly records: readonly DnsRecord[];
}

/** Reads the host's list. */
export function readReply(list: readonly unknown[]): DnsReply {
  const records: DnsRecord[] = [];
  let at = 2;
  while (at + 3 <= list.length) {
    const first = at + 3;
    const end = first + (list[at + 2] as number);
    const fields = ArrayProto.slice(list, first, end);
    append(records, { type: list[at] as number, ttl: list[at + 1] as number, fields });
    at = end;
  }
  return { truncated: list[0] === true, code: list[1] as number, records };
}

/** The records of one type. */
export function recordsOf(records: readonly DnsRecord[], type: number): DnsRecord[] {
  const found: DnsRecord[] = [];
  for (let i = 0; i < records.length; i++) {
    const record = records[i] as DnsRecord;
    if (record.type === type) append(found, record);
  }
  return found;
}
