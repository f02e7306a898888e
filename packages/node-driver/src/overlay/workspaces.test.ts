import * as node from "node:fs";
import { describe, expect, it } from "vitest";
import { codeOf, utf8 } from "../fs/harness.ts";
import { Projects, WRITE } from "./harness.ts";

const projects = new Projects();

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
    projects.build(layout);
    projects.start("p");
    expect(projects.real("/app/node_modules/x/src/index.js")).toBe("/app/packages/x/src/index.js");
    expect(projects.load("/app/packages/x/src/index.js")).toBe("x");
    expect(projects.load("/app/packages/x/node_modules/own/index.js")).toBe("own");
    expect(projects.real("/app/packages/x/node_modules/z")).toBe("/app/packages/z");
    expect(projects.guest.locate("/app/packages/x/src").overlay).toBe(true);
  });

  it("show only what a dependency leads to", () => {
    projects.build(layout);
    projects.start("p");
    expect(projects.names("/app").sort()).toEqual(["node_modules", "packages"]);
    expect(projects.names("/app/packages").sort()).toEqual(["x", "y", "z"]);
    for (const path of [
      "/app/.env",
      "/app/src",
      "/app/package.json",
      "/app/packages/secret.txt",
      "/app/packages/unlinked",
    ]) {
      expect(projects.guest.modules("stat", path)).toBe(-2);
    }
    expect(codeOf(() => projects.guest.fs("writeFile", "/app/packages/new", utf8("x"), WRITE, 0o666))).toBe("EACCES");
    expect(codeOf(() => projects.guest.fs("writeFile", "/app/packages/x/new", utf8("x"), WRITE, 0o666))).toBe("EACCES");
  });

  it("are there by their path before any link to them was followed", () => {
    projects.build(layout);
    projects.start("p");
    expect(projects.load("/app/packages/x/src/index.js")).toBe("x");
  });

  it("are served by the project's own mount where there is one", () => {
    projects.build(layout);
    projects.start("p", { guest: "/app", kind: "host", host: projects.path("p"), mode: "rw" });
    expect(projects.real("/app/node_modules/x/src/index.js")).toBe("/app/packages/x/src/index.js");
    expect(projects.guest.locate("/app/packages/x").overlay).toBe(false);
    expect(projects.guest.locate("/app/node_modules/dep").overlay).toBe(true);
    projects.guest.fs("writeFile", "/app/packages/x/made", utf8("x"), WRITE, 0o666);
    expect(node.existsSync(projects.path("p/packages/x/made"))).toBe(true);
  });

  it("leave room for another mount that is in their place", () => {
    projects.build({ ...layout, "other/x.txt": "other" });
    projects.start("p", { guest: "/app/packages", kind: "host", host: projects.path("other"), mode: "ro" });
    expect(projects.names("/app/packages")).toEqual(["x.txt"]);
    expect(projects.real("/app/node_modules/x")).toMatch(/^\/app\/node_modules\/\.external\/\d+$/);
    expect(projects.load("/app/node_modules/x/src/index.js")).toBe("x");
  });
});
