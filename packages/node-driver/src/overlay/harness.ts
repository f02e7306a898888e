import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import { type Caller, caller, codeOf, scratch, textOf } from "../fs/harness.ts";
import type { MountSpec } from "../fs/index.ts";

const O_RDONLY = 0;
/** Flags of `writeFile`: O_WRONLY, O_CREAT and O_TRUNC of Linux. */
export const WRITE = 0o1101;

/** Projects on the host, and a guest that sees the `node_modules` of one: for all tests of a file, new for each. */
export class Projects {
  #host: ReturnType<typeof scratch> | undefined;
  #guest: Caller | undefined;

  constructor() {
    beforeEach(() => {
      this.#host = scratch();
    });
    afterEach(() => {
      this.#guest?.[Symbol.dispose]();
      this.#guest = undefined;
      this.#host?.[Symbol.dispose]();
    });
  }

  get guest(): Caller {
    if (!this.#guest) throw new Error("start() has not run");
    return this.#guest;
  }

  /** A path below the host's folder of this test. */
  path(name: string): string {
    if (!this.#host) throw new Error("no test is running");
    return join(this.#host.path, name);
  }

  /** Builds a tree on the host: contents, or `-> text` for a link. */
  build(files: Readonly<Record<string, string>>): void {
    for (const [path, content] of Object.entries(files)) {
      const at = this.path(path);
      mkdirSync(dirname(at), { recursive: true });
      if (content.startsWith("-> ")) symlinkSync(content.slice(3), at);
      else writeFileSync(at, content);
    }
  }

  /** Shows the guest a project's `node_modules` at `/app/node_modules`, after other mounts. */
  start(project: string, ...more: MountSpec[]): void {
    this.#guest = caller({
      mounts: [...more, { guest: "/app/node_modules", kind: "overlay", host: this.path(project) }],
    });
  }

  names(path: string): unknown[] {
    return this.guest.fs("readdir", path).filter((_, index) => index % 2 === 0);
  }

  load(path: string): string {
    return textOf(this.guest.modules("readFile", path));
  }

  real(path: string): string {
    return this.guest.modules("realpath", path);
  }

  expectClosed(path: string): void {
    expect(this.guest.modules("stat", path)).toBe(-2);
    expect(this.guest.locate(path).failure).toBe("EACCES");
    expect(codeOf(() => this.guest.fs("readFile", path, O_RDONLY))).toBe("EACCES");
  }
}
