import { describe, expect, it } from "vitest";
import { codeOf } from "../fs/harness.ts";
import { Projects } from "./harness.ts";

const projects = new Projects();

describe("what stays closed", () => {
  it("links to anything but a package or a store", () => {
    projects.build({
      "p/package.json": "{}",
      "p/src/main.js": "main",
      "outside/secret": "SECRET",
      "outer/package.json": "{}",
      "outer/data/secret": "SECRET",
      "p/node_modules/folder": "-> ../src",
      "p/node_modules/outside": "-> ../../outside",
      "p/node_modules/file": "-> ../../outside/secret",
      "p/node_modules/absolute": "-> /etc",
      "p/node_modules/passwd": "-> /etc/passwd",
      "p/node_modules/inner": "-> ../../outer/data",
      "p/node_modules/gone": "-> ../../nothing",
    });
    projects.start("p");
    for (const name of ["folder", "outside", "file", "absolute", "passwd", "inner", "gone"])
      projects.expectClosed(`/app/node_modules/${name}`);
    projects.expectClosed("/app/node_modules/outside/secret");
    expect(projects.names("/app")).toEqual(["node_modules"]);
  });

  it("links to the project itself or to what contains it", () => {
    projects.build({
      "w/package.json": "{}",
      "w/p/package.json": "{}",
      "w/p/.env": "SECRET",
      "w/p/cli.js": "cli",
      "w/p/node_modules/self": "-> ..",
      "w/p/node_modules/root": "-> ../..",
      "w/p/node_modules/.bin/cli": "-> ../../cli.js",
    });
    projects.start("w/p");
    for (const path of ["self", "self/.env", "root", "root/p/.env", ".bin/cli"])
      projects.expectClosed(`/app/node_modules/${path}`);
  });

  it("chains: a link out of an admitted package is judged like the first", () => {
    projects.build({
      "p/node_modules/x": "-> ../../x",
      "x/package.json": "{}",
      "x/leak": "-> ../secrets",
      "x/ok": "-> ../y",
      "secrets/key": "SECRET",
      "y/package.json": "{}",
      "y/index.js": "y",
    });
    projects.start("p");
    projects.expectClosed("/app/node_modules/x/leak/key");
    expect(projects.load("/app/node_modules/x/ok/index.js")).toBe("y");
    expect(codeOf(() => projects.guest.fs("readlink", "/app/node_modules/x/leak"))).toBe("ok");
  });

  it("broken links inside are ENOENT, loops ELOOP", () => {
    projects.build({
      "p/node_modules/a": "-> b",
      "p/node_modules/broken": "-> .pnpm/gone",
      "p/node_modules/b": "-> a",
    });
    projects.start("p");
    expect(projects.guest.locate("/app/node_modules/broken").failure).toBe("ENOENT");
    expect(projects.guest.locate("/app/node_modules/a").failure).toBe("ELOOP");
  });

  it("a project without node_modules has an empty overlay", () => {
    projects.build({ "p/package.json": "{}" });
    projects.start("p");
    expect(projects.names("/app/node_modules")).toEqual([]);
    expect(projects.guest.modules("stat", "/app/node_modules/x")).toBe(-2);
  });

  it("a node_modules that is itself a link works, and its target's neighbours stay out", () => {
    projects.build({ "cache/nm/foo/index.js": "foo", "cache/secret": "SECRET", "p/node_modules": "-> ../cache/nm" });
    projects.start("p");
    expect(projects.load("/app/node_modules/foo/index.js")).toBe("foo");
    expect(projects.guest.modules("stat", "/app/node_modules/../secret")).toBe(-2);
  });
});
