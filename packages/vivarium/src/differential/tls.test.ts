import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { Differential } from "./differential.ts";

const read = (name: string): string => readFileSync(new URL(`programs/tls/${name}`, import.meta.url), "utf8");
const certificates = new URL("../../../../fixtures/certificates.cjs", import.meta.url);
const files = { "certificates.cjs": readFileSync(certificates, "utf8") };

describe.each([
  ["with the native helper", true],
  ["without the native helper", false],
] as const)("TLS, %s", (_, nativeHelper) => {
  const differential = new Differential({ compat: "full", nativeHelper });
  afterAll(async () => {
    await differential.close();
    await closePool();
  });

  it.each([
    ["shakes hands, identifies, resumes and chooses as on Node", "handshake.cjs"],
    ["is a stream over sockets, streams and itself as on Node", "streams.cjs"],
    ["carries https as on Node", "https.cjs"],
    ["shows certificates as Node does", "x509.cjs"],
  ] as const)("%s", async (_fact, name) => {
    const { host, sandbox } = await differential.compare({ code: read(name), name, files });
    expect(sandbox).toEqual(host);
    expect(host.code).toBe(0);
  });
});

describe("https in the baseline profile", () => {
  const differential = new Differential({ compat: "baseline" });
  afterAll(async () => {
    await differential.close();
    await closePool();
  });

  it("works as on Node, without the module tls", async () => {
    const { host, sandbox } = await differential.compare({ code: read("https.cjs"), name: "https.cjs", files });
    expect(sandbox).toEqual(host);
  });
});
