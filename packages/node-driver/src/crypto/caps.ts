import { overCap } from "./failure.ts";

const MiB = 1024 * 1024;

/** What one call may make the host do. Work is counted in what takes time, so that no call takes more than about ten seconds. */
export const caps = {
  /** Longest digest of an extendable-output function and longest derived key, bytes. */
  outputBytes: 16 * MiB,
  /** Compression rounds of PBKDF2: iterations times output blocks. OWASP's advice for SHA-256 is 600,000. */
  pbkdf2Rounds: 10_000_000,
  /** Memory of scrypt: 128 N r, bytes. */
  scryptBytes: 64 * MiB,
  /** Mixing steps of scrypt: N r p. Node's default is 131,072. */
  scryptSteps: 4 * MiB,
} as const;

/** Bytes a hash takes in one round; the smallest in use, so that rounds are never undercounted. */
const BLOCK_BYTES = 64;

/** @throws SyscallFailure ERR_SANDBOX_BUDGET_EXCEEDED naming what the output would be */
export function checkOutput(what: string, bytes: number): void {
  if (bytes > caps.outputBytes) {
    throw overCap(`${what} of ${bytes} bytes is over the cap of ${caps.outputBytes} bytes for one call`);
  }
}

/** Each block of output hashes the salt once and then iterates. */
function checkRounds(what: string, iterations: number, length: number, saltBytes: number, digestBytes: number): void {
  const rounds = Math.ceil(length / digestBytes) * (iterations + Math.ceil(saltBytes / BLOCK_BYTES));
  if (rounds > caps.pbkdf2Rounds) {
    throw overCap(
      `${what} of ${rounds} rounds (iterations times output blocks) is over the cap of ${caps.pbkdf2Rounds}`,
    );
  }
}

/** @throws SyscallFailure ERR_SANDBOX_BUDGET_EXCEEDED naming the cap, as below */
export function checkPbkdf2(iterations: number, length: number, saltBytes: number, digestBytes: number): void {
  checkOutput("a pbkdf2 key", length);
  checkRounds("pbkdf2", iterations, length, saltBytes, digestBytes);
}

export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly maxmem: number;
  readonly length: number;
  readonly saltBytes: number;
}

/** What OpenSSL compares with `maxmem` (providers/implementations/kdfs/scrypt.c): p blocks, and N + 2 of them to mix. */
const scryptMemory = ({ N, r, p }: ScryptCost): number => 128 * r * p + 128 * r * (N + 2);

/** Parameters over their own `maxmem` are left to the engine, which refuses them before it works. */
export function checkScrypt(cost: ScryptCost): void {
  checkOutput("a scrypt key", cost.length);
  if (scryptMemory(cost) > cost.maxmem) return;
  const { N, r, p, length, saltBytes } = cost;
  const memory = 128 * r * Math.max(N, p);
  if (memory > caps.scryptBytes) {
    throw overCap(`scrypt with ${memory} bytes of memory (128 * N * r) is over the cap of ${caps.scryptBytes}`);
  }
  const steps = N * r * p;
  if (steps > caps.scryptSteps)
    throw overCap(`scrypt of ${steps} steps (N * r * p) is over the cap of ${caps.scryptSteps}`);
  // scrypt begins and ends with a PBKDF2 of one iteration: from the salt to the blocks, from the blocks to the key.
  const blockBytes = 128 * r * p;
  checkRounds("scrypt's pbkdf2", 1, blockBytes, saltBytes, 32);
  checkRounds("scrypt's pbkdf2", 1, length, blockBytes, 32);
}

/** The most memory the engine itself is allowed, whatever the program said: its own formula, with room for `p`. */
export const scryptCeiling = 2 * caps.scryptBytes + MiB;
