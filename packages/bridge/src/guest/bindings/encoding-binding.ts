import { bindingError, MAX_STRING_LENGTH, stringTooLong } from "../lib/binding-error.ts";
import { bufferOfView, bytesOf, bytesOfView, isDetached } from "../lib/bytes.ts";
import { idnaToAscii, idnaToUnicode } from "../lib/idna.ts";
import { implement } from "../lib/implement.ts";
import { Bytes } from "../lib/intrinsics.ts";
import { utf8Decode, utf8Encode, utf8UnitsRead, utf8Write } from "../lib/utf8.ts";
import { windows1252Decode } from "../lib/windows-1252.ts";
import { isArrayBufferView } from "../primordials.ts";
import type { InstallBinding } from "../realm.ts";

const INPUT = 'The "list" argument must be an instance of SharedArrayBuffer, ArrayBuffer or ArrayBufferView.';

/** Memory that was transferred away, or a view of it, holds no bytes. */
const isTransferred = (value: unknown): boolean => isDetached(isArrayBufferView(value) ? bufferOfView(value) : value);

/** The bytes a TextDecoder was given. */
export function decoderInput(value: unknown): Uint8Array {
  const bytes = isTransferred(value) ? new Bytes(0) : bytesOf(value);
  if (bytes === undefined) throw bindingError("TypeError", "ERR_INVALID_ARG_TYPE", INPUT);
  if (bytes.length > MAX_STRING_LENGTH) throw stringTooLong();
  return bytes;
}

/** The error of a fatal decoder. */
export const invalidData = (encoding: string): Error =>
  bindingError(
    "TypeError",
    "ERR_ENCODING_INVALID_ENCODED_DATA",
    `The encoded data was not valid for encoding ${encoding}`,
  );

export const install: InstallBinding = (binding, realm) => {
  const results = binding.encodeIntoResults as Uint32Array;
  implement(binding, {
    encodeInto(text: string, into: Uint8Array) {
      const bytes = bytesOfView(into);
      const written = utf8Write(bytes, text, 0, bytes.length);
      results[0] = utf8UnitsRead;
      results[1] = written;
    },
    encodeUtf8String: (text: string) => utf8Encode(text),
    decodeUTF8(value: unknown, keepBom: boolean, fatal: boolean) {
      const bytes = decoderInput(value);
      const marked = !keepBom && bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
      const start = marked ? 3 : 0;
      if (!fatal) return utf8Decode(bytes, start, bytes.length);
      const text = utf8Decode(bytes, start, bytes.length, true);
      if (text === undefined) throw invalidData("utf-8");
      return text;
    },
    decodeWindows1252: (value: unknown) => windows1252Decode(decoderInput(value)),
    toASCII: (domain: string) => idnaToAscii(realm, domain),
    toUnicode: (domain: string) => idnaToUnicode(realm, domain),
  });
};
