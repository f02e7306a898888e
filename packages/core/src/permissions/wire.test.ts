import { describe, expect, it } from "vitest";
import { allowAll, allowAllEnv, allowAllFs, allowAllNetwork } from "./allow.ts";
import { compilePermissions } from "./authority.ts";
import { filterEnv, filterEnvAsync } from "./env.ts";
import type { FsRequest } from "./requests.ts";
import type { Permissions } from "./rules.ts";
import { splitPermissions } from "./wire.ts";

const request: FsRequest = { domain: "fs", op: "read", access: "read", path: "/x", subtree: false };

describe("splitPermissions()", () => {
  it("leaves missing and false domains out", () => {
    expect(splitPermissions({ fs: false }).wire).toEqual({ bindings: ["*"] });
  });

  it("crosses as plain JSON", () => {
    const { wire } = splitPermissions({
      fs: { read: ["/a"] },
      network: () => true,
      env: ["LANG"],
      childProcess: true,
      bindings: false,
    });
    expect(JSON.parse(JSON.stringify(wire))).toEqual({
      fs: { read: ["/a"], write: [] },
      network: { ask: true },
      childProcess: { commands: ["*"] },
      env: ["LANG"],
      bindings: [],
    });
  });

  it.each<[string, Permissions["fs"], boolean, string | undefined]>([
    ["true", () => true, true, undefined],
    ["false", () => false, false, undefined],
    ["an object", () => ({ allow: true, reason: "fine" }), true, "fine"],
    ["a promise", async () => true, true, undefined],
    ["a rejection", () => Promise.reject(new Error("secret")), false, "the permission function failed"],
    ["nothing", (() => undefined) as never, false, undefined],
    ["a truthy value", (() => "yes") as never, false, undefined],
    ["a truthy allow", (() => ({ allow: 1 })) as never, false, undefined],
    [
      "a throw",
      () => {
        throw new Error("secret");
      },
      false,
      "the permission function failed",
    ],
  ])("a function that returns %s", async (_name, fs, allow, reason) => {
    expect(await splitPermissions({ fs }).answer(request)).toEqual(
      reason === undefined ? { allow } : { allow, reason },
    );
  });

  it("denies a question about a domain that has no function", async () => {
    expect((await splitPermissions({ fs: true }).answer(request)).allow).toBe(false);
  });
});

describe("allowAll and its parts", () => {
  const allowed = (permissions: Permissions) => {
    const authority = compilePermissions(splitPermissions(permissions).wire, () => ({ allow: false }));
    const located = { path: "/any/path", overlay: false, failure: undefined };
    try {
      authority.grantFs({ domain: "fs", op: "write", path: located.path, follow: true }, located);
      authority.grantFs({ domain: "fs", op: "read", path: located.path, follow: true }, located);
      return true;
    } catch {
      return false;
    }
  };
  it("allow their domain and no other", () => {
    expect(allowed(allowAllFs)).toBe(true);
    expect(allowed(allowAll)).toBe(true);
    expect(allowed({ ...allowAllEnv, ...allowAllNetwork })).toBe(false);
  });
});

describe("filterEnv()", () => {
  const env = { LANG: "C", SECRET: "s", MISSING: undefined, ["__proto__"]: "p" };

  it("drops everything without permission", () => {
    expect(filterEnv(env, undefined)).toEqual({});
    expect(filterEnv(env, { fs: true })).toEqual({});
    expect(filterEnv(env, { env: [] })).toEqual({});
  });

  it("keeps named keys, or all of them", () => {
    expect(filterEnv(env, { env: ["LANG", "MISSING"] })).toEqual({ LANG: "C" });
    expect(Object.keys(filterEnv(env, allowAllEnv))).toEqual(["LANG", "SECRET", "__proto__"]);
    expect(filterEnv(env, { env: ["*"] })).toHaveProperty("SECRET", "s");
  });

  it("asks a function by key; a promise counts as no where nobody waits for it", async () => {
    expect(filterEnv(env, { env: ({ key }) => key === "LANG" })).toEqual({ LANG: "C" });
    const later: Permissions = { env: async ({ key }) => ({ allow: key === "LANG" }) };
    expect(filterEnv(env, later)).toEqual({});
    expect(filterEnv(env, { env: () => Promise.reject(new Error("no")) })).toEqual({});
    expect(
      filterEnv(env, {
        env: () => {
          throw new Error("no");
        },
      }),
    ).toEqual({});
    expect(await filterEnvAsync(env, splitPermissions(later))).toEqual({ LANG: "C" });
    expect(await filterEnvAsync(env, splitPermissions({ env: ["SECRET"] }))).toEqual({ SECRET: "s" });
    expect(await filterEnvAsync(env, splitPermissions({}))).toEqual({});
  });
});
