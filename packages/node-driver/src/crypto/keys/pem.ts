/** What lies between two END lines of PEM (RFC 7468): at most one key or certificate that OpenSSL would read. */
export interface PemPiece {
  /** Text of the one BEGIN line, `PRIVATE KEY`; nothing where there is not exactly one. */
  readonly label: string | undefined;
  /** Whether headers say that it is encrypted the old way (RFC 1421). */
  readonly hasHeaders: boolean;
  /** Decoded, whatever else is in the text left out. */
  readonly data: Uint8Array;
}

const BEGIN = "-----BEGIN ";
const END = "-----END ";

function pieceOf(text: string): PemPiece {
  const begins = text.split(BEGIN);
  const last = begins[begins.length - 1] as string;
  const labelEnd = last.indexOf("-----");
  const body = labelEnd < 0 ? last : last.slice(labelEnd + 5);
  return {
    label: begins.length === 2 && labelEnd >= 0 ? last.slice(0, labelEnd) : undefined,
    hasHeaders: body.includes(":"),
    data: Buffer.from(body.replaceAll(/[^A-Za-z0-9+/]/g, ""), "base64"),
  };
}

/** The pieces of a PEM text. Data that no END line follows is no PEM to OpenSSL either. */
export const pemPieces = (data: Uint8Array): readonly PemPiece[] =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("latin1").split(END).slice(0, -1).map(pieceOf);
