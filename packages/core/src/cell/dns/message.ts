import { Buffer } from "node:buffer";
import type { DecodedPacket, Question } from "dns-packet";
import { SyscallFailure } from "../../errors/failure.ts";
import { flatten } from "./records.ts";

/** Longest name without its last dot (RFC 1035 2.3.4: 255 bytes on the wire). */
const MAX_NAME = 253;
/** What c-ares lets stand in a label: more than a host name may have, and no escapes. */
const LABEL = /^[A-Za-z0-9_/*-]{1,63}$/;
const MAX_TYPE = 0xffff;
const HEADER_BYTES = 12;
/** Shortest question and record: a root name, type, class; ttl and length on top. */
const QUESTION_BYTES = 5;
const RECORD_BYTES = 11;
/** More than a name has; what names that point at each other may cost stays small. */
const MAX_RECORDS = 4096;
const CODE_MASK = 0xf;

/** The wire format. */
export type Codec = typeof import("dns-packet");

/** Loads it when the first question is asked: few programs ask any, and every cell would boot later for it. */
export const loadCodec = (): Promise<Codec> => import("dns-packet");

/** One question with its number, and the bytes that ask it. */
export interface Query {
  readonly id: number;
  readonly question: Question;
  readonly bytes: Uint8Array;
}

/** An answer to a query: whether it was cut short, its code, its records as `flatten` lays them out. */
export interface Reply {
  readonly truncated: boolean;
  readonly code: number;
  readonly records: readonly (string | number | Uint8Array)[];
}

/** What a datagram is to a query: its answer, not of it (somebody else's, or nobody's), or its answer and broken. */
export type Reading = Reply | "foreign" | "malformed";

/**
 * Writes a question (RFC 1035 4.1), recursion desired.
 * @param id which answers have to repeat
 * @throws SyscallFailure EBADNAME, EINVAL
 */
export function makeQuery({ encode, decode, RECURSION_DESIRED }: Codec, id: number, name: string, type: number): Query {
  const bare = name.endsWith(".") ? name.slice(0, -1) : name;
  const labels = bare === "" ? [] : bare.split(".");
  if (bare.length > MAX_NAME || !labels.every((label) => LABEL.test(label))) throw new SyscallFailure("EBADNAME");
  if (type < 1 || type > MAX_TYPE) throw new SyscallFailure("EINVAL");
  // The codec knows types by name, and any number by this one.
  const asked = { name: bare === "" ? "." : bare, type: `UNKNOWN_${type}` as Question["type"] };
  const bytes = encode({ type: "query", id, flags: RECURSION_DESIRED, questions: [asked] });
  const [question] = decode(bytes).questions ?? [];
  return { id, question: question as Question, bytes };
}

const isSame = (left: Question, right: Question): boolean =>
  left.name.toLowerCase() === right.name.toLowerCase() && left.type === right.type && left.class === right.class;

/** Whether so much can be in a message of this length as its header says. */
function isPlausible(message: Buffer): boolean {
  const [questions, ...records] = [4, 6, 8, 10].map((offset) => message.readUInt16BE(offset));
  const count = records.reduce((sum, part) => sum + part, 0);
  const least = HEADER_BYTES + (questions ?? 0) * QUESTION_BYTES + count * RECORD_BYTES;
  return questions === 1 && count <= MAX_RECORDS && least <= message.byteLength;
}

function parse({ decode }: Codec, message: Buffer): DecodedPacket | undefined {
  try {
    const packet = decode(message);
    // The codec does not mind a record that says it is longer than the message.
    return decode.bytes <= message.byteLength ? packet : undefined;
  } catch {
    return undefined;
  }
}

/** Reads what came from the server a query went to. Never throws. */
export function readReply(codec: Codec, bytes: Uint8Array, query: Query): Reading {
  const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (message.byteLength < 2 || message.readUInt16BE(0) !== query.id) return "foreign";
  if (message.byteLength < HEADER_BYTES || !isPlausible(message)) return "malformed";
  const packet = parse(codec, message);
  const question = packet?.questions?.[0];
  if (!packet || !question) return "malformed";
  if (!isSame(question, query.question)) return "foreign";
  const code = (packet.flags ?? 0) & CODE_MASK;
  return { truncated: packet.flag_tc, code, records: flatten(packet.answers ?? []) };
}
