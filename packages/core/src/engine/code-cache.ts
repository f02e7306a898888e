import { createRequire } from "node:module";
import ivm from "isolated-vm";

const SEAL_BYTES = 32;
/** V8's own limit on what a snapshot of code may be is far below. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Loaded when a cache is first made or taken: few programs do either, and a cell without it is smaller. */
const crypto = (): typeof import("node:crypto") => createRequire(import.meta.url)("node:crypto");

const given = process.env["VIVARIUM_CACHE_KEY"] ?? "";
let key = /^[0-9a-f]{64}$/i.test(given) ? Buffer.from(given, "hex") : undefined;

/** The supervisor's key, or one of this process alone. */
function sealKey(): Buffer {
  key ??= crypto().randomBytes(SEAL_BYTES);
  return key;
}

function sealOf(kind: string, source: string, data: Uint8Array): Buffer {
  const header = JSON.stringify(["portable", kind, process.version, source.length, data.byteLength]);
  return crypto().createHmac("sha256", sealKey()).update(header).update(source, "utf16le").update(data).digest();
}

/**
 * V8's code caches, for `vm`. V8 believes what is in one, down to the bytecode, so only its own output may come back: a
 * cache leaves here under a seal made of it, its source and a key of the supervisor's.
 */
export function seal(kind: string, source: string, cache: ivm.ExternalCopy<ArrayBuffer>): Uint8Array {
  const data = new Uint8Array(cache.copy());
  cache.release();
  const sealed = new Uint8Array(SEAL_BYTES + data.byteLength);
  sealed.set(sealOf(kind, source, data));
  sealed.set(data, SEAL_BYTES);
  return sealed;
}

/** -> the cache as V8 takes it; nothing for one that is not ours for this source */
export function unseal(
  kind: string,
  source: string,
  sealed: Uint8Array | undefined,
): ivm.ExternalCopy<ArrayBuffer> | undefined {
  if (!sealed || sealed.byteLength <= SEAL_BYTES || sealed.byteLength > MOST_BYTES) return undefined;
  const data = sealed.slice(SEAL_BYTES);
  if (!crypto().timingSafeEqual(sealed.subarray(0, SEAL_BYTES), sealOf(kind, source, data))) return undefined;
  return new ivm.ExternalCopy(data.buffer, { transferOut: true });
}
