import { RecordType } from "@vivarium/bridge/contract";
import { describe, expect, it } from "vitest";
import type { Granted } from "../../permissions/granted.ts";
import type { Outside } from "../../syscalls/driver.ts";
import type { HostRecord } from "../../syscalls/outside-resolver.ts";
import { askingEmbedder } from "./embedder-lookup.ts";

/** As `permissions/authority.ts` makes it of a look-up. */
const lookupOf = (hostname: string): Granted =>
  ({ need: { domain: "network", op: "lookup", protocol: "dns", hostname, port: 0 } }) as unknown as Granted;

const mx: HostRecord = { type: RecordType.MX, ttl: 1, fields: [1, "mx.test"] };
const a: HostRecord = { type: RecordType.A, ttl: 1, fields: ["6.6.6.6"] };
const aaaa: HostRecord = { type: RecordType.AAAA, ttl: 1, fields: ["666::1"] };

/** A host whose own resolver knows better, and an embedder that answers with this. */
function run(answer: string, ok = true) {
  const reported: unknown[] = [];
  const pending = new Map<number, (ok: boolean, body: Uint8Array) => void>();
  let token = 0;
  const host = {
    lookup: () => expect.fail("the host's own resolver was asked"),
    resolver: { resolve: () => ({ records: Promise.resolve([a, mx, aaaa]), cancel: () => undefined }) },
  } as unknown as Outside;
  const outside = askingEmbedder(host, {
    report({ token: asked, hostname, family }) {
      reported.push([hostname, family]);
      queueMicrotask(() => pending.get(asked)?.(ok, new TextEncoder().encode(answer)));
    },
    pending,
    nextToken: () => ++token,
  });
  return { outside, reported };
}

describe("askingEmbedder()", () => {
  it("asks for the plain name, and answers with what comes back", async () => {
    const { outside, reported } = run("1.2.3.4 ::1");
    expect(await outside.lookup(lookupOf("A.Test."), 0)).toEqual(["1.2.3.4", "::1"]);
    expect(reported).toEqual([["a.test", 0]]);
  });

  it("asks nobody for an address, in whatever spelling, nor for what is no name", async () => {
    const { outside, reported } = run("6.6.6.6");
    expect(await outside.lookup(lookupOf("0x7f.1"), 0)).toEqual(["127.0.0.1"]);
    expect(await outside.lookup(lookupOf("::ffff:10.0.0.1"), 4)).toEqual(["10.0.0.1"]);
    await expect(outside.lookup(lookupOf("127.1"), 6)).rejects.toMatchObject({ code: "EAI_NONAME" });
    await expect(outside.lookup(lookupOf("a b"), 0)).rejects.toMatchObject({ code: "EAI_NONAME" });
    expect(reported).toEqual([]);
  });

  it("leaves no way for the host's resolver to teach an address", async () => {
    const { outside, reported } = run("1.2.3.4");
    const resolve = (type: number) => outside.resolver.resolve(lookupOf("a.test"), type, 1000).records;
    expect(await resolve(RecordType.A)).toEqual([{ type: RecordType.A, ttl: 0, fields: ["1.2.3.4"] }]);
    expect(await resolve(RecordType.AAAA)).toHaveLength(1);
    expect(reported).toEqual([
      ["a.test", 4],
      ["a.test", 6],
    ]);
    expect(await resolve(255)).toEqual([mx]);
    expect(await resolve(RecordType.MX)).toEqual([mx]);
  });

  it("fails in the words of whoever asked", async () => {
    const { outside } = run("EAI_NONAME", false);
    await expect(outside.lookup(lookupOf("a.test"), 0)).rejects.toMatchObject({ code: "EAI_NONAME" });
    const { records } = outside.resolver.resolve(lookupOf("a.test"), RecordType.A, 1000);
    await expect(records).rejects.toMatchObject({ code: "ENOTFOUND" });
    const other = run("EAI_AGAIN", false).outside.resolver.resolve(lookupOf("a.test"), RecordType.A, 1000);
    await expect(other.records).rejects.toMatchObject({ code: "ESERVFAIL" });
  });
});
