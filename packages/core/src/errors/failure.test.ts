import { describe, expect, it } from "vitest";
import { SyscallFailure } from "./failure.ts";

describe("SyscallFailure", () => {
  it("crosses as what the guest may know of it", () => {
    expect(new SyscallFailure("ENOENT").toWire()).toEqual([null, "ENOENT", undefined, undefined]);
    const denied = new SyscallFailure("EACCES", { sandboxCode: "ERR_SANDBOX_FS_DENIED", detail: "reading is denied" });
    expect(denied.toWire()).toEqual([null, "EACCES", "ERR_SANDBOX_FS_DENIED", "reading is denied"]);
    expect([denied.message, denied instanceof Error]).toEqual(["reading is denied", true]);
  });

  it("does not write down where it was made, and other errors do as before", () => {
    expect(new SyscallFailure("ENOENT").stack).toBe("Error: ENOENT");
    expect(new Error("other").stack).toContain("failure.test.ts");
  });
});
