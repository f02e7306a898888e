import type { NetworkNeed } from "@vivarium/bridge/contract";
import { describe, expect, it } from "vitest";
import type { PermissionRequest } from "../requests.ts";
import { compileNetworkJudge } from "./judge.ts";

const to = (hostname: string, port = 443): NetworkNeed => ({
  domain: "network",
  op: "connect",
  protocol: "tcp",
  hostname,
  port,
});
const byRules = (...connect: readonly string[]) =>
  compileNetworkJudge({ connect, listen: [], dns: [] }, () => ({ allow: false }));

describe("compileNetworkJudge()", () => {
  it("lets a rule about a name hold for the addresses its look-up found, and only for those", () => {
    const judge = byRules("api.example.com:443");
    expect(judge.decide(to("93.184.216.34")).allowed).toBe(false);
    judge.learn("API.example.com.", ["93.184.216.34", "2606:2800::1"]);
    expect(judge.decide(to("93.184.216.34")).allowed).toBe(true);
    expect(judge.decide(to("2606:2800:0::0:1")).allowed).toBe(true);
    expect(judge.decide(to("93.184.216.34", 80))).toMatchObject({ sandboxCode: "ERR_SANDBOX_NETWORK_DENIED" });
    expect(judge.decide(to("93.184.216.35")).allowed).toBe(false);
  });

  it("keeps a name that was found at a blocked address from opening it", () => {
    const judge = byRules("*");
    judge.learn("rebound.example", ["127.0.0.1", "10.0.0.1", "::ffff:169.254.169.254"]);
    for (const address of ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::ffff:7f00:1"]) {
      expect(judge.decide(to(address)), address).toMatchObject({ sandboxCode: "ERR_SANDBOX_ADDRESS_BLOCKED" });
    }
  });

  it("is not fooled by an address learned as a name, nor by names of another run", () => {
    const judge = byRules("1.1.1.1:443", "api.example.com:443");
    judge.learn("1.1.1.1", ["8.8.8.8"]);
    expect(judge.decide(to("8.8.8.8")).allowed).toBe(false);
    byRules("api.example.com:443").learn("api.example.com", ["9.9.9.9"]);
    expect(judge.decide(to("9.9.9.9")).allowed).toBe(false);
  });

  it("finds loopback for localhost without a look-up", () => {
    const judge = byRules("localhost:8080");
    expect(judge.decide(to("127.0.0.1", 8080)).allowed).toBe(true);
    expect(judge.decide(to("::1", 8080)).allowed).toBe(true);
    expect(judge.decide(to("127.0.0.1", 8081)).allowed).toBe(false);
    expect(judge.decide(to("10.0.0.1", 8080)).allowed).toBe(false);
  });

  it("remembers 16 names of one address, the latest ones", () => {
    const judge = byRules("first.example:443", "last.example:443");
    judge.learn("first.example", ["1.2.3.4"]);
    for (let i = 0; i < 16; i++) judge.learn(`n${i}.example`, ["1.2.3.4"]);
    expect(judge.decide(to("1.2.3.4")).allowed).toBe(false);
    judge.learn("last.example", ["1.2.3.4"]);
    expect(judge.decide(to("1.2.3.4"))).toMatchObject({ allowed: true, rule: "last.example:443" });
  });

  it("decides about listening by the rules about listening, not by those about connecting", () => {
    const judge = compileNetworkJudge({ connect: ["*", "127.0.0.1:1"], listen: ["127.0.0.1:8080"], dns: [] }, () => ({
      allow: false,
    }));
    const at = (hostname: string, port: number): NetworkNeed => ({ ...to(hostname, port), op: "listen" });
    expect(judge.decide(at("0.0.0.0", 8080))).toEqual({ allowed: true, rule: "127.0.0.1:8080", cure: "" });
    for (const [hostname, port] of [
      ["127.0.0.1", 1],
      ["127.0.0.1", 443],
      ["::1", 8080],
      ["93.184.216.34", 443],
    ] as const)
      expect(judge.decide(at(hostname, port))).toMatchObject({
        allowed: false,
        sandboxCode: "ERR_SANDBOX_NETWORK_DENIED",
        cure: `permissions.network.listen: ["${hostname}:${port}"]`,
      });
  });

  it("tells a function the name and the address", () => {
    const asked: PermissionRequest[] = [];
    const judge = compileNetworkJudge({ ask: true }, (request) => {
      asked.push(request);
      return { allow: true };
    });
    judge.decide({ ...to("api.example.com", 0), op: "lookup", protocol: "dns" });
    judge.learn("api.example.com", ["93.184.216.34"]);
    judge.decide(to("93.184.216.34"));
    judge.decide(to("9.9.9.9"));
    expect(asked).toMatchObject([
      { op: "dns", hostname: "api.example.com" },
      { op: "connect", hostname: "api.example.com", address: "93.184.216.34", port: 443, protocol: "tcp" },
      { op: "connect", hostname: "9.9.9.9", address: "9.9.9.9" },
    ]);
  });
});
