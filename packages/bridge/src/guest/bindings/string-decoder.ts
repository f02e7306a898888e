import { bindingError } from "../lib/binding-error.ts";
import { bytesOfView, part } from "../lib/bytes.ts";
import { decodeBytes, Encoding } from "../lib/encodings.ts";
import { implement } from "../lib/implement.ts";
import { isArrayBufferView, mathMin, TypedArrayProto } from "../primordials.ts";
import type { InstallBinding } from "../realm.ts";

/** Layout of the decoder's state, a seven byte buffer the library owns (src/string_decoder.h). */
const State = { missing: 4, buffered: 5, encoding: 6 } as const;
const KEEPS = 4;

const invalid = () =>
  bindingError(
    "TypeError",
    "ERR_INVALID_ARG_TYPE",
    'The "buf" argument must be an instance of Buffer, TypedArray, or DataView.',
  );

/** Completes the character held back with the chunk's first bytes: its text, and the part of the chunk not needed. */
function finishHeld(
  state: Uint8Array,
  chunk: Uint8Array,
  encoding: Encoding,
): readonly [text: string, rest: Uint8Array] {
  const missing = state[State.missing] as number;
  if (missing === 0 || chunk.length === 0) return ["", chunk];
  let take = mathMin(missing, chunk.length);
  let complete = take === missing;
  if (encoding === Encoding.utf8) {
    // A byte that is no continuation ends the held character as it is.
    for (let i = 0; i < take; i++) {
      if (((chunk[i] as number) & 0xc0) !== 0x80) {
        take = i;
        complete = true;
        break;
      }
    }
  }
  const held = state[State.buffered] as number;
  for (let i = 0; i < take; i++) state[held + i] = chunk[i] as number;
  const rest = part(chunk, take, chunk.length);
  state[State.missing] = complete ? 0 : missing - take;
  state[State.buffered] = complete ? 0 : held + take;
  return [complete ? decodeBytes(state, 0, held + take, encoding) : "", rest];
}

/** Notes how many bytes at the end belong to a character that is not complete. */
function measureTail(state: Uint8Array, bytes: Uint8Array, encoding: Encoding): void {
  const { length } = bytes;
  const last = bytes[length - 1] as number;
  let held = 0;
  let missing = 0;
  if (encoding === Encoding.utf8) {
    for (let back = 1; (last & 0x80) !== 0 && back <= KEEPS && back <= length; back++) {
      const byte = bytes[length - back] as number;
      if ((byte & 0xc0) === 0x80) continue;
      const size = (byte & 0xe0) === 0xc0 ? 2 : (byte & 0xf0) === 0xe0 ? 3 : (byte & 0xf8) === 0xf0 ? 4 : 0;
      if (size > back) {
        held = back;
        missing = size - back;
      }
      break;
    }
  } else if (encoding === Encoding.ucs2) {
    if (length % 2 === 1) held = missing = 1;
    else if ((last & 0xfc) === 0xd8) held = missing = 2;
  } else {
    held = length % 3;
    missing = held === 0 ? 0 : 3 - held;
  }
  state[State.buffered] = held;
  state[State.missing] = missing;
}

const holdsBack = (encoding: Encoding): boolean =>
  encoding === Encoding.utf8 ||
  encoding === Encoding.ucs2 ||
  encoding === Encoding.base64 ||
  encoding === Encoding.base64url;

function decode(state: Uint8Array, value: unknown): string {
  if (typeof value === "string") return value;
  if (!isArrayBufferView(value)) throw invalid();
  const chunk = bytesOfView(value);
  const encoding = state[State.encoding] as Encoding;
  if (!holdsBack(encoding)) return decodeBytes(chunk, 0, chunk.length, encoding);
  const held = finishHeld(state, chunk, encoding);
  const rest = held[1];
  if (rest.length === 0) return held[0];
  measureTail(state, rest, encoding);
  const keep = state[State.buffered] as number;
  const end = rest.length - keep;
  if (keep > 0) TypedArrayProto.set(state, part(rest, end, rest.length), 0);
  return end > 0 ? held[0] + decodeBytes(rest, 0, end, encoding) : held[0];
}

function flush(state: Uint8Array): string {
  const encoding = state[State.encoding] as Encoding;
  if (encoding === Encoding.ucs2 && (state[State.buffered] as number) % 2 === 1) {
    state[State.missing] = (state[State.missing] as number) - 1;
    state[State.buffered] = (state[State.buffered] as number) - 1;
  }
  const held = state[State.buffered] as number;
  const text = held === 0 ? "" : decodeBytes(state, 0, held, encoding);
  state[State.missing] = 0;
  state[State.buffered] = 0;
  return text;
}

export const install: InstallBinding = (binding) => implement(binding, { decode, flush });
