import * as node from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Caller, caller, codeOf, scratch, textOf, utf8 } from "../fs/harness.ts";
import type { MountSpec } from "../fs/index.ts";

const O_RDONLY = 0;
const WRITE = 0o1101;

let host: ReturnType<typeof scratch>;
let guest: Caller;

beforeEach(() => {
  host = scratch();
});

afterEach(() => {
  guest[Symbol.dispose]();
  host[Symbol.dispose]();
});

/** Builds a tree below the scratch directory: contents, or `-> text` for a link. */
function build(files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    const at = join(host.path, path);
    node.mkdirSync(dirname(at), { recursive: true });
    if (content.startsWith("-> ")) node.symlinkSync(content.slice(3), at);
    else node.writeFileSync(at, content);
  }
}

const start = (project: string, ...more: MountSpec[]): void => {
  guest = caller({
    mounts: [...more, { guest: "/app/node_modules", kind: "overlay", host: join(host.path, project) }],
  });
};

const names = (path: string): unknown[] => guest.fs("readdir", path).filter((_, index) => index % 2 === 0);
const load = (path: string): string => textOf(guest.modules("readFile", path));
const real = (path: string): string => guest.modules("realpath", path);
const closed = (path: string): void => {
  expect(guest.modules("stat", path)).toBe(-2);
  expect(guest.locate(path).failure).toBe("EACCES");
  expect(codeOf(() => guest.fs("readFile", path, O_RDONLY))).toBe("EACCES");
};

describe("a flat node_modules (npm, yarn classic)", () => {
  beforeEach(() => {
    build({
      "p/.env": "SECRET=1",
      "p/node_modules/foo/package.json": '{"name":"foo"}',
      "p/node_modules/foo/lib/index.js": "foo",
      "p/node_modules/foo/cli.js": "cli",
      "p/node_modules/@s/bar/package.json": '{"name":"@s/bar"}',
      "p/node_modules/.bin/foo": "-> ../foo/cli.js",
    });
    start("p");
  });

  it("shows packages, scopes and binaries, and marks them as overlay", () => {
    expect(names("/app/node_modules").sort()).toEqual([".bin", "@s", "foo"]);
    expect(load("/app/node_modules/foo/lib/index.js")).toBe("foo");
    expect(real("/app/node_modules/.bin/foo")).toBe("/app/node_modules/foo/cli.js");
    expect(guest.locate("/app/node_modules/foo").overlay).toBe(true);
    expect(guest.locate("/app").overlay).toBe(false);
  });

  it("shows nothing else of the project", () => {
    expect(names("/app")).toEqual(["node_modules"]);
    expect(guest.modules("stat", "/app/.env")).toBe(-2);
    expect(guest.modules("stat", "/app/node_modules/../.env")).toBe(-2);
  });

  it("answers the loader: kinds, manifests, and the nearest one up to the package", () => {
    expect(guest.modules("stat", "/app/node_modules/foo")).toBe(1);
    expect(guest.modules("stat", "/app/node_modules/foo/cli.js")).toBe(0);
    expect(guest.modules("stat", "/app/node_modules/none/cli.js")).toBe(-2);
    expect(guest.modules("readPackage", "/app/node_modules/foo/package.json")).toBe('{"name":"foo"}');
    expect(guest.modules("readPackage", "/app/node_modules/foo/lib/package.json")).toBeUndefined();
  });

  it("refuses every change with EACCES", () => {
    const at = "/app/node_modules/foo";
    const changes = [
      () => guest.fs("writeFile", `${at}/cli.js`, utf8("x"), WRITE, 0o666),
      () => guest.fs("writeFile", `${at}/new.js`, utf8("x"), WRITE, 0o666),
      () => guest.fs("mkdir", "/app/node_modules/.cache", 0o777, true),
      () => guest.fs("unlink", `${at}/cli.js`),
      () => guest.fs("rm", at, true),
      () => guest.fs("rename", at, `${at}2`),
      () => guest.fs("symlink", "x", `${at}/l`),
      () => guest.fs("chmod", `${at}/cli.js`, 0o777),
      () => guest.fs("utimes", `${at}/cli.js`, 1, 1),
      () => guest.fs("access", `${at}/cli.js`, 2),
    ];
    expect(changes.map(codeOf)).toEqual(changes.map(() => "EACCES"));
  });
});

describe("pnpm's layout", () => {
  const store = (version: string): string => `node_modules/.pnpm/${version}/node_modules`;

  it("resolves a package to its place in the store, and its dependencies beside it", () => {
    build({
      "p/node_modules/foo": "-> .pnpm/foo@1.0.0/node_modules/foo",
      [`p/${store("foo@1.0.0")}/foo/index.js`]: "foo",
      [`p/${store("foo@1.0.0")}/bar`]: "-> ../../bar@2.0.0/node_modules/bar",
      [`p/${store("bar@2.0.0")}/bar/index.js`]: "bar",
    });
    start("p");
    const place = real("/app/node_modules/foo/index.js");
    expect(place).toBe(`/app/${store("foo@1.0.0")}/foo/index.js`);
    expect(load(join(dirname(place), "../bar/index.js"))).toBe("bar");
    expect(real("/app/node_modules/foo/../bar/index.js")).toBe(`/app/${store("bar@2.0.0")}/bar/index.js`);
  });

  it("opens the workspace root's store to a member, and neither its siblings nor the root", () => {
    build({
      "w/package.json": "{}",
      "w/.env": "SECRET=1",
      [`w/${store("foo@1")}/foo/index.js`]: "foo",
      [`w/${store("foo@1")}/bar`]: "-> ../../bar@1/node_modules/bar",
      [`w/${store("bar@1")}/bar/index.js`]: "bar",
      "w/node_modules/.pnpm/node_modules/hoisted": "-> ../bar@1/node_modules/bar",
      "w/node_modules/other/index.js": "not a dependency of a",
      "w/packages/a/package.json": "{}",
      "w/packages/a/node_modules/foo": "-> ../../../node_modules/.pnpm/foo@1/node_modules/foo",
      "w/packages/a/node_modules/b": "-> ../../b",
      "w/packages/b/package.json": '{"name":"b"}',
      "w/packages/b/index.js": "b",
      "w/packages/c/package.json": '{"name":"c"}',
    });
    start("w/packages/a");
    const foo = real("/app/node_modules/foo/index.js");
    expect(foo).toMatch(
      /^\/app\/node_modules\/\.external\/\d+\/node_modules\/\.pnpm\/foo@1\/node_modules\/foo\/index\.js$/,
    );
    expect(load(foo)).toBe("foo");
    expect(load(join(dirname(foo), "../bar/index.js"))).toBe("bar");
    expect(load(join(dirname(foo), "../../../node_modules/hoisted/index.js"))).toBe("bar");
    const b = real("/app/node_modules/b");
    expect(load(`${b}/index.js`)).toBe("b");
    expect(guest.locate(foo).overlay).toBe(true);
    for (const path of [join(b, "../c"), join(b, "../../.env"), join(dirname(foo), "../../../../other")]) {
      expect(guest.modules("stat", path)).toBe(-2);
    }
  });

  it("opens one entry of the global virtual store at a time", () => {
    build({
      "p/node_modules/foo": `-> ${join(host.path, "store/v10/links/foo/1.0.0/abc/node_modules/foo")}`,
      "store/v10/links/foo/1.0.0/abc/node_modules/foo/index.js": "foo",
      "store/v10/links/foo/1.0.0/abc/node_modules/bar": "-> ../../../../bar/2.0.0/def/node_modules/bar",
      "store/v10/links/bar/2.0.0/def/node_modules/bar/index.js": "bar",
      "store/v10/links/evil/1.0.0/ghi/node_modules/evil/index.js": "evil",
    });
    start("p");
    const foo = real("/app/node_modules/foo");
    expect(foo).toMatch(/\.external\/\d+\/node_modules\/foo$/);
    expect(load(join(foo, "../bar/index.js"))).toBe("bar");
    expect(guest.modules("stat", join(foo, "../../../../../evil"))).toBe(-2);
  });
});

describe("workspaces", () => {
  const layout = {
    "p/package.json": '{"workspaces":["packages/*"]}',
    "p/.env": "SECRET=1",
    "p/src/main.js": "main",
    "p/node_modules/x": "-> ../packages/x",
    "p/node_modules/@s/y": "-> ../../packages/y",
    "p/node_modules/dep/index.js": "dep",
    "p/packages/secret.txt": "SECRET",
    "p/packages/x/package.json": '{"name":"x"}',
    "p/packages/x/src/index.js": "x",
    "p/packages/x/node_modules/own/index.js": "own",
    "p/packages/x/node_modules/z": "-> ../../z",
    "p/packages/y/package.json": '{"name":"@s/y"}',
    "p/packages/z/package.json": '{"name":"z"}',
    "p/packages/unlinked/package.json": '{"name":"unlinked"}',
  };

  it("show a linked package at its place in the project, with its own node_modules", () => {
    build(layout);
    start("p");
    expect(real("/app/node_modules/x/src/index.js")).toBe("/app/packages/x/src/index.js");
    expect(load("/app/packages/x/src/index.js")).toBe("x");
    expect(load("/app/packages/x/node_modules/own/index.js")).toBe("own");
    expect(real("/app/packages/x/node_modules/z")).toBe("/app/packages/z");
    expect(guest.locate("/app/packages/x/src").overlay).toBe(true);
  });

  it("show only what a dependency leads to", () => {
    build(layout);
    start("p");
    expect(names("/app").sort()).toEqual(["node_modules", "packages"]);
    expect(names("/app/packages").sort()).toEqual(["x", "y", "z"]);
    for (const path of [
      "/app/.env",
      "/app/src",
      "/app/package.json",
      "/app/packages/secret.txt",
      "/app/packages/unlinked",
    ]) {
      expect(guest.modules("stat", path)).toBe(-2);
    }
    expect(codeOf(() => guest.fs("writeFile", "/app/packages/new", utf8("x"), WRITE, 0o666))).toBe("EACCES");
    expect(codeOf(() => guest.fs("writeFile", "/app/packages/x/new", utf8("x"), WRITE, 0o666))).toBe("EACCES");
  });

  it("are there by their path before any link to them was followed", () => {
    build(layout);
    start("p");
    expect(load("/app/packages/x/src/index.js")).toBe("x");
  });

  it("are served by the project's own mount where there is one", () => {
    build(layout);
    start("p", { guest: "/app", kind: "host", host: join(host.path, "p"), mode: "rw" });
    expect(real("/app/node_modules/x/src/index.js")).toBe("/app/packages/x/src/index.js");
    expect(guest.locate("/app/packages/x").overlay).toBe(false);
    expect(guest.locate("/app/node_modules/dep").overlay).toBe(true);
    guest.fs("writeFile", "/app/packages/x/made", utf8("x"), WRITE, 0o666);
    expect(node.existsSync(join(host.path, "p/packages/x/made"))).toBe(true);
  });

  it("leave room for another mount that is in their place", () => {
    build({ ...layout, "other/x.txt": "other" });
    start("p", { guest: "/app/packages", kind: "host", host: join(host.path, "other"), mode: "ro" });
    expect(names("/app/packages")).toEqual(["x.txt"]);
    expect(real("/app/node_modules/x")).toMatch(/^\/app\/node_modules\/\.external\/\d+$/);
    expect(load("/app/node_modules/x/src/index.js")).toBe("x");
  });
});

describe("what stays closed", () => {
  it("links to anything but a package or a store", () => {
    build({
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
    start("p");
    for (const name of ["folder", "outside", "file", "absolute", "passwd", "inner", "gone"])
      closed(`/app/node_modules/${name}`);
    closed("/app/node_modules/outside/secret");
    expect(names("/app")).toEqual(["node_modules"]);
  });

  it("links to the project itself or to what contains it", () => {
    build({
      "w/package.json": "{}",
      "w/p/package.json": "{}",
      "w/p/.env": "SECRET",
      "w/p/cli.js": "cli",
      "w/p/node_modules/self": "-> ..",
      "w/p/node_modules/root": "-> ../..",
      "w/p/node_modules/.bin/cli": "-> ../../cli.js",
    });
    start("w/p");
    for (const path of ["self", "self/.env", "root", "root/p/.env", ".bin/cli"]) closed(`/app/node_modules/${path}`);
  });

  it("chains: a link out of an admitted package is judged like the first", () => {
    build({
      "p/node_modules/x": "-> ../../x",
      "x/package.json": "{}",
      "x/leak": "-> ../secrets",
      "x/ok": "-> ../y",
      "secrets/key": "SECRET",
      "y/package.json": "{}",
      "y/index.js": "y",
    });
    start("p");
    closed("/app/node_modules/x/leak/key");
    expect(load("/app/node_modules/x/ok/index.js")).toBe("y");
    expect(codeOf(() => guest.fs("readlink", "/app/node_modules/x/leak"))).toBe("ok");
  });

  it("broken links inside are ENOENT, loops ELOOP", () => {
    build({ "p/node_modules/a": "-> b", "p/node_modules/broken": "-> .pnpm/gone", "p/node_modules/b": "-> a" });
    start("p");
    expect(guest.locate("/app/node_modules/broken").failure).toBe("ENOENT");
    expect(guest.locate("/app/node_modules/a").failure).toBe("ELOOP");
  });

  it("a project without node_modules has an empty overlay", () => {
    build({ "p/package.json": "{}" });
    start("p");
    expect(names("/app/node_modules")).toEqual([]);
    expect(guest.modules("stat", "/app/node_modules/x")).toBe(-2);
  });

  it("a node_modules that is itself a link works, and its target's neighbours stay out", () => {
    build({ "cache/nm/foo/index.js": "foo", "cache/secret": "SECRET", "p/node_modules": "-> ../cache/nm" });
    start("p");
    expect(load("/app/node_modules/foo/index.js")).toBe("foo");
    expect(guest.modules("stat", "/app/node_modules/../secret")).toBe(-2);
  });
});

describe("native add-ons", () => {
  it("are seen but not loaded, and the refusal names package and alternative", () => {
    build({
      "p/node_modules/bcrypt/lib/bcrypt.node": "ELF",
      "p/node_modules/@img/sharp-linux-x64/lib/sharp.node": "ELF",
      "p/node_modules/own/own.node": "ELF",
    });
    start("p");
    const path = "/app/node_modules/bcrypt/lib/bcrypt.node";
    expect(guest.modules("stat", path)).toBe(0);
    expect(codeOf(() => guest.modules("readFile", path))).toBe("ERR_SANDBOX_NATIVE_ADDON_UNSUPPORTED");
    expect(() => guest.modules("readFile", path)).toThrow(/bcrypt; use bcryptjs/);
    expect(guest.modules("addonAdvice", path)).toEqual(["bcrypt", "bcryptjs"]);
    expect(guest.modules("addonAdvice", "/app/node_modules/@img/sharp-linux-x64/lib/sharp.node")).toEqual([
      "sharp",
      "jimp",
    ]);
    expect(guest.modules("addonAdvice", "/app/node_modules/own/own.node")).toEqual(["own", ""]);
    expect(guest.modules("addonAdvice", "/tmp/x.node")).toEqual(["x.node", ""]);
  });
});
