import { beforeEach, describe, expect, it } from "vitest";
import { codeOf, utf8 } from "../fs/harness.ts";
import { Projects, WRITE } from "./harness.ts";

const projects = new Projects();

describe("a flat node_modules (npm, yarn classic)", () => {
  beforeEach(() => {
    projects.build({
      "p/.env": "SECRET=1",
      "p/node_modules/foo/package.json": '{"name":"foo"}',
      "p/node_modules/foo/lib/index.js": "foo",
      "p/node_modules/foo/cli.js": "cli",
      "p/node_modules/@s/bar/package.json": '{"name":"@s/bar"}',
      "p/node_modules/.bin/foo": "-> ../foo/cli.js",
    });
    projects.start("p");
  });

  it("shows packages, scopes and binaries, and marks them as overlay", () => {
    expect(projects.names("/app/node_modules").sort()).toEqual([".bin", "@s", "foo"]);
    expect(projects.load("/app/node_modules/foo/lib/index.js")).toBe("foo");
    expect(projects.real("/app/node_modules/.bin/foo")).toBe("/app/node_modules/foo/cli.js");
    expect(projects.guest.locate("/app/node_modules/foo").overlay).toBe(true);
    expect(projects.guest.locate("/app").overlay).toBe(false);
  });

  it("shows nothing else of the project", () => {
    expect(projects.names("/app")).toEqual(["node_modules"]);
    expect(projects.guest.modules("stat", "/app/.env")).toBe(-2);
    expect(projects.guest.modules("stat", "/app/node_modules/../.env")).toBe(-2);
  });

  it("answers the loader: kinds, manifests, and the nearest one up to the package", () => {
    expect(projects.guest.modules("stat", "/app/node_modules/foo")).toBe(1);
    expect(projects.guest.modules("stat", "/app/node_modules/foo/cli.js")).toBe(0);
    expect(projects.guest.modules("stat", "/app/node_modules/none/cli.js")).toBe(-2);
    expect(projects.guest.modules("readPackage", "/app/node_modules/foo/package.json")).toBe('{"name":"foo"}');
    expect(projects.guest.modules("readPackage", "/app/node_modules/foo/lib/package.json")).toBeUndefined();
  });

  it("refuses every change with EACCES", () => {
    const at = "/app/node_modules/foo";
    const changes = [
      () => projects.guest.fs("writeFile", `${at}/cli.js`, utf8("x"), WRITE, 0o666),
      () => projects.guest.fs("writeFile", `${at}/new.js`, utf8("x"), WRITE, 0o666),
      () => projects.guest.fs("mkdir", "/app/node_modules/.cache", 0o777, true),
      () => projects.guest.fs("unlink", `${at}/cli.js`),
      () => projects.guest.fs("rm", at, true),
      () => projects.guest.fs("rename", at, `${at}2`),
      () => projects.guest.fs("symlink", "x", `${at}/l`),
      () => projects.guest.fs("chmod", `${at}/cli.js`, 0o777),
      () => projects.guest.fs("utimes", `${at}/cli.js`, 1, 1),
      () => projects.guest.fs("access", `${at}/cli.js`, 2),
    ];
    expect(changes.map(codeOf)).toEqual(changes.map(() => "EACCES"));
  });
});
