import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { unsupportedApi, unsupportedModule } from "./unsupported.ts";

describe("unsupportedApi() and unsupportedModule()", () => {
  it("say which API or module, with a stable code", () => {
    expect(unsupportedApi("net", "createServer", 4).toWire()).toEqual([
      null,
      "ERR_SANDBOX_NET_UNSUPPORTED",
      "ERR_SANDBOX_NET_UNSUPPORTED",
      "net.createServer is not supported in sandbox",
    ]);
    expect(unsupportedModule("inspector/promises").toWire()).toEqual([
      null,
      "ERR_SANDBOX_INSPECTOR_PROMISES_UNSUPPORTED",
      "ERR_SANDBOX_INSPECTOR_PROMISES_UNSUPPORTED",
      "inspector/promises is not supported in sandbox",
    ]);
  });

  it("carry their facts where inspecting does not show them", () => {
    const error = unsupportedApi("child_process", "fork", 5, { enabledBy: 'compat: "full"' });
    expect([error.module, error.api, error.tier, error.enabledBy]).toEqual([
      "child_process",
      "fork",
      5,
      'compat: "full"',
    ]);
    expect(Object.keys(error)).not.toContain("tier");
    expect(inspect(error)).not.toContain("enabledBy");
  });
});
