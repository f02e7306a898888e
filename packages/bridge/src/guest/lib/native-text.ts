/** The native helper's conversions of strings, as far as they fit: undefined asks for the portable way. */
export interface NativeText {
  utf8Length(text: string): number;
  /** The whole text, where there is room for it. -> bytes written */
  utf8Write(into: ArrayBufferView, text: string, start: number, end: number): number | undefined;
  latin1Write(into: ArrayBufferView, text: string, start: number, end: number): number | undefined;
  utf8Decode(bytes: ArrayBufferView, start: number, end: number): string | undefined;
  latin1Decode(bytes: ArrayBufferView, start: number, end: number): string | undefined;
}

/** Bytes or units from which on the call costs less than a loop in JavaScript; no array this large lies in V8's heap. */
export const WORTH_A_CALL = 72;

/** Present where the native helper is. */
export let nativeText: NativeText | undefined;

export function setNativeText(native: NativeText): void {
  nativeText = native;
}
