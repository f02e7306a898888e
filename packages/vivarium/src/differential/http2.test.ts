import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { Differential } from "./differential.ts";

const read = (name: string): string => readFileSync(new URL(`programs/${name}`, import.meta.url), "utf8");
const certificates = new URL("../../../../fixtures/certificates.cjs", import.meta.url);
const files = { "certificates.cjs": readFileSync(certificates, "utf8") };

describe.each([
  ["with the native helper", true],
  ["without the native helper", false],
] as const)("HTTP/2, %s", (_, nativeHelper) => {
  const differential = new Differential({ compat: "full", nativeHelper });
  afterAll(async () => {
    await differential.close();
    await closePool();
  });

  it.each([
    ["shows its exports, constants and settings as on Node", "module.cjs", "enableConnectProtocol"],
    ["serves, asks, pushes, aborts and closes as on Node", "sessions.cjs", "ERR_HTTP2_INVALID_SESSION"],
    ["carries much through small windows with flat memory", "flow.cjs", "memory stayed flat: true"],
    ["chooses its protocol over TLS as on Node", "secure.cjs", "over h2"],
  ] as const)("%s", async (_fact, name, printed) => {
    const { host, sandbox } = await differential.compare({ code: read(`http2/${name}`), name, files });
    expect(sandbox).toEqual(host);
    expect(host.stdout).toContain(printed);
  });
});

describe("HTTP/2 in the baseline profile", () => {
  const differential = new Differential({ compat: "baseline" });
  afterAll(async () => {
    await differential.close();
    await closePool();
  });

  it("loads, with constants, settings and classes, and refuses sessions", async () => {
    const code = `const http2 = require("http2");
      console.log(http2.getDefaultSettings(), http2.getPackedSettings({ enablePush: false }));
      class Response extends http2.Http2ServerResponse {}
      for (const name of ["connect", "createServer", "createSecureServer", "performServerHandshake"])
        try { http2[name]("http://localhost"); } catch (error) { console.log(error.code, error.api); }`;
    const { sandbox } = await differential.compare({ code });
    expect(sandbox.stdout).toContain("maxHeaderListSize: 65535");
    expect(sandbox.stdout).toContain("<Buffer 00 02 00 00 00 00>");
    for (const name of ["connect", "createServer", "createSecureServer", "performServerHandshake"])
      expect(sandbox.stdout).toContain(`ERR_SANDBOX_HTTP2_UNSUPPORTED ${name}`);
  });
});
