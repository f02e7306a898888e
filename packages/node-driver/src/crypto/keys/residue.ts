import { late } from "../../late.ts";
import { overCap } from "../failure.ts";

/** Sizes at which candidates are looked at one by one, bits. */
const SMALL = 64;

/** So many candidates have a prime among them, where none is ruled out: 64 times as many as there are to a prime. */
const enough = (bits: number, safe: boolean): bigint => 64n * BigInt(safe ? bits ** 2 : bits);

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x0${Buffer.from(bytes).toString("hex")}`);

function gcd(left: bigint, right: bigint): bigint {
  let [a, b] = [left, right];
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

/** Whether a divisor of `add` divides every candidate, or every half of one that must be prime too. */
function isRuledOut(safe: boolean, add: bigint, rem: bigint): boolean {
  if (gcd(add, rem) !== 1n) return true;
  if (!safe) return false;
  let odd = add;
  while (odd % 2n === 0n) odd /= 2n;
  return gcd(odd, rem - 1n) !== 1n || (add % 4n === 0n && rem % 4n !== 3n);
}

/** Whether there is a prime among the few numbers of so many bits that leave the remainder. */
function hasPrime(bits: number, safe: boolean, add: bigint, rem: bigint): boolean {
  const least = 1n << BigInt(bits - 1);
  for (let n = least - (least % add) + rem; n < least * 2n; n += add) {
    if (n < least || !late.crypto.checkPrimeSync(n)) continue;
    if (!safe || late.crypto.checkPrimeSync((n - 1n) / 2n)) return true;
  }
  return false;
}

/**
 * The engine looks for a prime that leaves remainder `rem` when divided by `add` until it finds one, for ever where
 * there is none.
 * @throws SyscallFailure ERR_SANDBOX_BUDGET_EXCEEDED where there is none
 */
export function checkResidue(bits: number, safe: boolean, add?: Uint8Array, rem?: Uint8Array): void {
  if (!add) return;
  const divisor = numberOf(add);
  // The engine's own errors: no divisor, one larger than the prime, a remainder that is none.
  const rest = rem ? numberOf(rem) : safe ? 3n : 1n;
  if (divisor === 0n || divisor >= 1n << BigInt(bits) || rest >= divisor) return;
  const candidates = (1n << BigInt(bits - 1)) / divisor;
  if (!isRuledOut(safe, divisor, rest)) {
    if (candidates >= enough(bits, safe)) return;
    if (bits <= SMALL && hasPrime(bits, safe, divisor, rest)) return;
  }
  throw overCap("generating a prime: too few numbers of that size leave that remainder, so the search might not end");
}
