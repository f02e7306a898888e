import { describe, expect, it } from "vitest";
import { compileNetworkRules } from "./policy.ts";

const policy = (connect: readonly string[], listen: readonly string[] = [], dns: readonly string[] = []) =>
  compileNetworkRules({ connect, listen, dns });
const PUBLIC = "93.184.216.34";
const reaches = (rules: readonly string[], hostname: string, port = 443, address?: string): boolean =>
  policy(rules).connect(address === undefined ? { hostname, port } : { hostname, port, address }).allowed;

describe("compileNetworkRules(): connect", () => {
  it.each<[string, string, number, boolean]>([
    ["api.example.com:443", "api.example.com", 443, true],
    ["api.example.com:443", "API.Example.com.", 443, true],
    ["api.example.com:443", "api.example.com", 80, false],
    ["api.example.com:443", "example.com", 443, false],
    ["api.example.com:443", "xapi.example.com", 443, false],
    ["api.example.com", "api.example.com", 8080, true],
    ["*.example.org", "a.b.example.org", 1, true],
    ["*.example.org", "example.org", 1, false],
    ["*.example.org", "badexample.org", 1, false],
    ["*.example.org", "example.org.evil.com", 1, false],
    ["*.example.org:8000-8099", "a.example.org", 8042, true],
    ["*.example.org:8000-8099", "a.example.org", 8100, false],
    ["*:443", "anything.test", 443, true],
    ["*:443", "anything.test", 80, false],
    ["b\u00fccher.example:443", "xn--bcher-kva.example", 443, true],
  ])("%s and %s:%d: %s", (rule, hostname, port, expected) => {
    expect(reaches([rule], hostname, port, PUBLIC)).toBe(expected);
    expect(reaches([rule], hostname, port)).toBe(expected);
  });

  it("an empty list denies", () => {
    expect(reaches([], "example.com", 443, PUBLIC)).toBe(false);
  });

  it("a rule for an address fits whatever name led there", () => {
    expect(reaches([`${PUBLIC}:443`], "example.com", 443, PUBLIC)).toBe(true);
    expect(reaches([`${PUBLIC}:443`], "example.com", 443, "93.184.216.35")).toBe(false);
    expect(reaches(["93.184.216.0/24"], "example.com", 443, PUBLIC)).toBe(true);
    expect(reaches(["2606:2800::/32"], "example.com", 443, "2606:2800:220:1::1")).toBe(true);
    expect(reaches([`${PUBLIC}:443`], "example.com", 443)).toBe(false);
  });

  it("a denial names rule, code and cure", () => {
    expect(policy(["a.test"]).connect({ hostname: "B.test", port: 443, address: PUBLIC })).toEqual({
      allowed: false,
      rule: "no rule",
      cure: 'permissions.network.connect: ["b.test:443"] (--allow-net=b.test:443)',
      sandboxCode: "ERR_SANDBOX_NETWORK_DENIED",
    });
    expect(policy(["*"]).connect({ hostname: "b.test", port: 443, address: "::1" })).toEqual({
      allowed: false,
      rule: "*",
      reason: "::1 is a loopback address",
      cure: "permissions.network.connect: [\"[::1]:443\"] (--allow-net='[::1]:443')",
      sandboxCode: "ERR_SANDBOX_ADDRESS_BLOCKED",
    });
  });

  it("refuses rules that are none", () => {
    for (const rule of [
      "https://a.test",
      "a.test/x",
      "a.test:0",
      "a.test:99999",
      "a.test:x",
      "a b",
      "",
      "443",
      "0x7f.1",
      "10.0.0.1/8",
      "*.10.0.0.1",
      "*.*.a",
      "a.*",
      "10.0.0.0/33",
    ])
      expect(() => policy([rule]), rule).toThrow(RangeError);
  });
});

describe("compileNetworkRules(): listen and dns", () => {
  it("lends a server the addresses and ports its rules name, and no others", () => {
    const exposed = (rules: readonly string[], hostname: string, port: number) =>
      policy([], rules)
        .exposures({ hostname, port })
        .map(({ address }) => address);
    expect(exposed(["8080"], "0.0.0.0", 8080)).toEqual(["0.0.0.0"]);
    expect(exposed(["8080"], "0.0.0.0", 8081)).toEqual([]);
    expect(exposed(["127.0.0.1:8080"], "127.0.0.1", 8080)).toEqual(["127.0.0.1"]);
    expect(exposed(["127.0.0.1:8080"], "127.0.0.2", 8080)).toEqual([]);
    expect(exposed(["*"], "::", 3000)).toEqual(["::"]);
    expect(exposed([], "127.0.0.1", 8080)).toEqual([]);
  });

  it("a server on all addresses is reached at the one a rule names, not at all of them", () => {
    const [first, second] = policy([], ["127.0.0.1:8080", "localhost:8080", "[::1]:8080"]).exposures({
      hostname: "::",
      port: 8080,
    });
    expect([first, second]).toEqual([
      { address: "127.0.0.1", rule: "127.0.0.1:8080" },
      { address: "::1", rule: "[::1]:8080" },
    ]);
  });

  it("looks up named hosts only", () => {
    const looksUp = (rules: readonly string[], name: string) => policy([], [], rules).lookup(name).allowed;
    expect(looksUp(["*.example.org"], "x.example.org")).toBe(true);
    expect(looksUp(["*.example.org"], "example.com")).toBe(false);
    expect(looksUp([], "example.com")).toBe(false);
    expect(() => policy([], [], ["a.test:53"])).toThrow(RangeError);
  });
});
