import { typedArrayByteLength } from "../primordials.ts";
import { ByteReader } from "./byte-reader.ts";
import { append } from "./define.ts";

const RANDOM_AND_VERSION = 34;
/** Extensions by number (RFC 6066, RFC 7301, RFC 8446). */
const SERVER_NAME = 0;
const ALPN = 16;
const PRE_SHARED_KEY = 41;
const AGE = 4;

/** What a client asks for, as far as a program may be asked about it. */
export interface ClientHello {
  readonly servername: Uint8Array | undefined;
  /** Each protocol's length and name, as they came. */
  readonly protocols: Uint8Array | undefined;
  readonly identities: readonly Uint8Array[];
}

/** Reads the body of a ClientHello (RFC 8446, 4.1.2). Nothing of one that is cut off. */
export function readClientHello(body: Uint8Array): ClientHello | undefined {
  const reader = new ByteReader(body);
  reader.take(RANDOM_AND_VERSION);
  reader.block(1);
  reader.block(2);
  reader.block(1);
  const extensions = new ByteReader(reader.block(2));
  let servername: Uint8Array | undefined;
  let protocols: Uint8Array | undefined;
  let identities: readonly Uint8Array[] = [];
  while (extensions.left > 0 && !extensions.isShort) {
    const type = extensions.number(2);
    const data = new ByteReader(extensions.block(2));
    if (type === SERVER_NAME) servername = readServerName(data);
    else if (type === ALPN) protocols = data.block(2);
    else if (type === PRE_SHARED_KEY) identities = readIdentities(new ByteReader(data.block(2)));
  }
  return reader.isShort || extensions.isShort ? undefined : { servername, protocols, identities };
}

/** A host name is the only kind of name there is. */
function readServerName(data: ByteReader): Uint8Array | undefined {
  const names = new ByteReader(data.block(2));
  const isHost = names.number(1) === 0;
  const name = names.block(2);
  return isHost && !names.isShort ? name : undefined;
}

function readIdentities(list: ByteReader): Uint8Array[] {
  const identities: Uint8Array[] = [];
  while (list.left > 0 && !list.isShort) {
    const identity = list.block(2);
    list.take(AGE);
    if (!list.isShort) append(identities, identity);
  }
  return identities;
}

/** The protocol at this place of a list, without its length. */
export function protocolAt(protocols: Uint8Array, offset: number): Uint8Array {
  const reader = new ByteReader(protocols);
  reader.take(offset);
  return offset < typedArrayByteLength(protocols) ? reader.block(1) : reader.take(0);
}
