import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { attack, outcomes } from "../testing/attack.ts";

afterAll(closePool);

const limits = { cpuTimeMs: 20_000, wallTimeMs: 40_000, memoryMiB: 256 };

describe("a guest that holds all the TLS it can", () => {
  it("gets so many connections and then a budget's error", async () => {
    const code = `
      const tls = require("tls");
      const { Duplex } = require("stream");
      const context = tls.createSecureContext({ ca: [] });
      const kept = [];
      let code;
      for (let i = 0; i < 10000 && code === undefined; i++) {
        try { kept.push(new tls.TLSSocket(new Duplex({ read() {}, write() {} }), { secureContext: context, isServer: true })); }
        catch (error) { code = error.code; }
      }
      console.log(kept.length, code);
      process.exit(0);`;
    const { result, stdout } = await attack(code, { limits, compat: "full" });
    expect(result).toMatchObject(outcomes.exit(0));
    expect(stdout).toBe("2048 ERR_SANDBOX_BUDGET_EXCEEDED\n");
  });

  it("gets so many contexts and so many bytes of certificates", async () => {
    const code = `
      const tls = require("tls");
      const tried = (run) => { try { run(); } catch (error) { return error.code; } };
      const kept = [];
      let code;
      while (code === undefined) code = tried(() => kept.push(new tls.SecureContext()));
      console.log(kept.length, code);
      kept.pop().context.close();
      console.log(tried(() => tls.createSecureContext({ ca: ["x", "y"].map((text) => text.repeat(40 * 2 ** 20)) })));
      process.exit(0);`;
    const { result, stdout } = await attack(code, { limits, compat: "full" });
    expect(result).toMatchObject(outcomes.exit(0));
    expect(stdout).toBe("4096 ERR_SANDBOX_BUDGET_EXCEEDED\nERR_SANDBOX_BUDGET_EXCEEDED\n");
  });

  it("does not learn from an error where the cell has its memory", async () => {
    const code = `
      const server = require("net").createServer((socket) => socket.end("this is not TLS")).listen(0, "127.0.0.1", () => {
        require("tls").connect(server.address().port, "127.0.0.1").on("error", ({ message }) => {
          console.log(message);
          server.close();
        });
      });`;
    const { stdout } = await attack(code, { limits, compat: "full" });
    // On Node the digits are the address of the thread.
    expect(stdout).toMatch(/^0{16}:error:0A00010B:SSL routines:\w+:wrong version number:[^\n]*\n\n$/);
  });

  it("has no archive opened that prices its own work", async () => {
    const code = `
      const tls = require("tls");
      const value = (tag, ...parts) => {
        const content = Buffer.concat(parts.map((part) => Buffer.from(part, "hex")));
        const { length } = content;
        return Buffer.concat([Buffer.from(length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255]), content]).toString("hex");
      };
      const sequence = (...parts) => value(0x30, ...parts);
      const data = sequence("06092a864886f70d010701", value(0xa0, value(0x04, sequence())));
      const code = sequence(sequence(sequence("06052b0e03021a0500"), value(0x04, "00".repeat(20))), value(0x04, "00".repeat(8)), "02047fffffff");
      const pfx = Buffer.from(sequence("020103", data, code), "hex");
      try { tls.createSecureContext({ pfx, passphrase: "p" }); } catch ({ code, message }) { console.log(code, message); }`;
    const { result, stdout } = await attack(code, { limits: { ...limits, cpuTimeMs: 3000 }, compat: "full" });
    expect(result).toMatchObject(outcomes.exit(0));
    expect(stdout).toMatch(/^ERR_SANDBOX_BUDGET_EXCEEDED .* iterations is over the cap/);
  });

  it("pays for handshakes with its own CPU time", async () => {
    const code = `
      const crypto = require("crypto");
      for (;;) for (const pem of require("tls").rootCertificates) require("tls").createSecureContext({ ca: pem });`;
    const { result } = await attack(code, { compat: "full" });
    expect(result).toMatchObject(outcomes.cpu);
  });
});

describe("what TLS tells a guest of its host", () => {
  it("is nothing of the host's certificates and variables", async () => {
    const code = `
      const tls = require("tls");
      console.log(tls.getCACertificates("system").length, tls.getCACertificates("extra").length);
      try { tls.createSecureContext({ cert: "x" }); } catch (error) { console.log(error.stack.includes("node-driver")); }`;
    const { result, stdout } = await attack(code, { limits, compat: "full" });
    expect(result).toMatchObject(outcomes.exit(0));
    expect(stdout).toBe("0 0\nfalse\n");
  });
});
