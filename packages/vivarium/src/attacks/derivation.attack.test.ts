import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { attack, outcomes } from "../testing/attack.ts";

afterAll(closePool);

/** The dearest call that is within the caps, again and again. */
const CALLS: Readonly<Record<string, string>> = {
  pbkdf2: "crypto.pbkdf2('p', 's', 9_000_000, 20, 'sha1', done)",
  pbkdf2Sync: "crypto.pbkdf2Sync('p', 's', 9_000_000, 20, 'sha1')",
  scrypt: "crypto.scrypt('p', 's', 32, { N: 2 ** 15, r: 16, p: 8, maxmem: 2 ** 30 }, done)",
  scryptSync: "crypto.scryptSync('p', 's', 32, { N: 2 ** 15, r: 16, p: 8, maxmem: 2 ** 30 })",
};

describe("key derivation as a burner", () => {
  it.each(Object.entries(CALLS))(
    "%s, on threads or not, is the run's CPU time: the watchdog ends it",
    async (_name, call) => {
      const code = `const crypto = require("crypto"); const done = () => {}; for (let i = 0; i < 1000; i++) ${call};`;
      const { result } = await attack(code, { limits: { cpuTimeMs: 1500, wallTimeMs: 15_000, memoryMiB: 128 } });
      expect(result).toMatchObject(outcomes.cpu);
    },
  );

  it("is refused at once over the caps of one call", async () => {
    const code = `
      const crypto = require("crypto");
      const tried = (run) => { try { run(); return "done"; } catch ({ code }) { return code; } };
      console.log(
        tried(() => crypto.pbkdf2Sync("p", "s", 2 ** 31 - 1, 64, "sha512")),
        tried(() => crypto.scryptSync("p", "s", 64, { N: 2 ** 20, r: 8, p: 1, maxmem: 2 ** 31 })),
      );
      crypto.scrypt("p", "s", 64, { N: 2 ** 14, r: 8, p: 2 ** 10, maxmem: 2 ** 31 }, ({ code }) => console.log(code));`;
    const { result, stdout } = await attack(code, { limits: { cpuTimeMs: 5000, wallTimeMs: 10_000 } });
    expect(result).toMatchObject(outcomes.exit(0));
    expect(stdout).toBe("ERR_SANDBOX_BUDGET_EXCEEDED ERR_SANDBOX_BUDGET_EXCEEDED\nERR_SANDBOX_BUDGET_EXCEEDED\n");
  });
});
