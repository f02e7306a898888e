import { isIP } from "node:net";
import type { NetworkLookup } from "./options.ts";

/** Addresses of one name that are told; more are of no use to anybody who connects. */
const MAX_ADDRESSES = 64;

/** What getaddrinfo(3) says, and c-ares' names for the same: all a guest may know of why an embedder's look-up failed. */
const CODES: Readonly<Record<string, string>> = {
  ENOTFOUND: "EAI_NONAME",
  ENODATA: "EAI_NODATA",
  EAI_NONAME: "EAI_NONAME",
  EAI_NODATA: "EAI_NODATA",
  EAI_AGAIN: "EAI_AGAIN",
  EAI_FAIL: "EAI_FAIL",
  EAI_MEMORY: "EAI_MEMORY",
};

const codeOf = (error: unknown): string => {
  const code: unknown = typeof error === "object" && error !== null ? Reflect.get(error, "code") : undefined;
  return (typeof code === "string" && Object.hasOwn(CODES, code) && CODES[code]) || "EAI_FAIL";
};

/** An answer as it crosses: addresses with a blank between them, or a code. */
export interface LookupAnswer {
  readonly ok: boolean;
  readonly text: string;
}

/**
 * Asks the embedder's function. Never rejects: a throw is its code, no address EAI_NONAME, and what is no address, or of
 * another family, is left out.
 */
export async function answerLookup(
  lookup: NetworkLookup | undefined,
  hostname: string,
  family: 0 | 4 | 6,
): Promise<LookupAnswer> {
  try {
    const found: unknown = await lookup?.(hostname, { family });
    if (!Array.isArray(found)) return { ok: false, text: "EAI_FAIL" };
    const usable = found.filter((one) => typeof one === "string" && isIP(one) !== 0 && [0, isIP(one)].includes(family));
    if (usable.length === 0) return { ok: false, text: "EAI_NONAME" };
    return { ok: true, text: usable.slice(0, MAX_ADDRESSES).join(" ") };
  } catch (error) {
    return { ok: false, text: codeOf(error) };
  }
}
