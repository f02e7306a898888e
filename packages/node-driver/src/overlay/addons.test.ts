import { describe, expect, it } from "vitest";
import { codeOf } from "../fs/harness.ts";
import { Projects } from "./harness.ts";

const projects = new Projects();

describe("native add-ons", () => {
  it("are seen but not loaded, and the refusal names package and alternative", () => {
    projects.build({
      "p/node_modules/bcrypt/lib/bcrypt.node": "ELF",
      "p/node_modules/@img/sharp-linux-x64/lib/sharp.node": "ELF",
      "p/node_modules/own/own.node": "ELF",
    });
    projects.start("p");
    const path = "/app/node_modules/bcrypt/lib/bcrypt.node";
    expect(projects.guest.modules("stat", path)).toBe(0);
    expect(codeOf(() => projects.guest.modules("readFile", path))).toBe("ERR_SANDBOX_NATIVE_ADDON_UNSUPPORTED");
    expect(() => projects.guest.modules("readFile", path)).toThrow(/bcrypt; use bcryptjs/);
    expect(projects.guest.modules("addonAdvice", path)).toEqual(["bcrypt", "bcryptjs"]);
    expect(projects.guest.modules("addonAdvice", "/app/node_modules/@img/sharp-linux-x64/lib/sharp.node")).toEqual([
      "sharp",
      "jimp",
    ]);
    expect(projects.guest.modules("addonAdvice", "/app/node_modules/own/own.node")).toEqual(["own", ""]);
    expect(projects.guest.modules("addonAdvice", "/tmp/x.node")).toEqual(["x.node", ""]);
  });
});
