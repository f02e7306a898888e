import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { Projects } from "./harness.ts";

const projects = new Projects();

describe("pnpm's layout", () => {
  const store = (version: string): string => `node_modules/.pnpm/${version}/node_modules`;

  it("resolves a package to its place in the store, and its dependencies beside it", () => {
    projects.build({
      "p/node_modules/foo": "-> .pnpm/foo@1.0.0/node_modules/foo",
      [`p/${store("foo@1.0.0")}/foo/index.js`]: "foo",
      [`p/${store("foo@1.0.0")}/bar`]: "-> ../../bar@2.0.0/node_modules/bar",
      [`p/${store("bar@2.0.0")}/bar/index.js`]: "bar",
    });
    projects.start("p");
    const place = projects.real("/app/node_modules/foo/index.js");
    expect(place).toBe(`/app/${store("foo@1.0.0")}/foo/index.js`);
    expect(projects.load(join(dirname(place), "../bar/index.js"))).toBe("bar");
    expect(projects.real("/app/node_modules/foo/../bar/index.js")).toBe(`/app/${store("bar@2.0.0")}/bar/index.js`);
  });

  it("opens the workspace root's store to a member, and neither its siblings nor the root", () => {
    projects.build({
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
    projects.start("w/packages/a");
    const foo = projects.real("/app/node_modules/foo/index.js");
    expect(foo).toMatch(
      /^\/app\/node_modules\/\.external\/\d+\/node_modules\/\.pnpm\/foo@1\/node_modules\/foo\/index\.js$/,
    );
    expect(projects.load(foo)).toBe("foo");
    expect(projects.load(join(dirname(foo), "../bar/index.js"))).toBe("bar");
    expect(projects.load(join(dirname(foo), "../../../node_modules/hoisted/index.js"))).toBe("bar");
    const b = projects.real("/app/node_modules/b");
    expect(projects.load(`${b}/index.js`)).toBe("b");
    expect(projects.guest.locate(foo).overlay).toBe(true);
    for (const path of [join(b, "../c"), join(b, "../../.env"), join(dirname(foo), "../../../../other")]) {
      expect(projects.guest.modules("stat", path)).toBe(-2);
    }
  });

  it("opens one entry of the global virtual store at a time", () => {
    projects.build({
      "p/node_modules/foo": `-> ${projects.path("store/v10/links/foo/1.0.0/abc/node_modules/foo")}`,
      "store/v10/links/foo/1.0.0/abc/node_modules/foo/index.js": "foo",
      "store/v10/links/foo/1.0.0/abc/node_modules/bar": "-> ../../../../bar/2.0.0/def/node_modules/bar",
      "store/v10/links/bar/2.0.0/def/node_modules/bar/index.js": "bar",
      "store/v10/links/evil/1.0.0/ghi/node_modules/evil/index.js": "evil",
    });
    projects.start("p");
    const foo = projects.real("/app/node_modules/foo");
    expect(foo).toMatch(/\.external\/\d+\/node_modules\/foo$/);
    expect(projects.load(join(foo, "../bar/index.js"))).toBe("bar");
    expect(projects.guest.modules("stat", join(foo, "../../../../../evil"))).toBe(-2);
  });
});
