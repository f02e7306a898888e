import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Caller, caller, codeOf, scratch, utf8 } from "./harness.ts";
import type { Change } from "./watchers.ts";

const WRITE = 0o1101;

const memory = (): Caller => caller({ mounts: [{ guest: "/m", kind: "memory" }] });
const put = (guest: Caller, path: string, text = ""): void =>
  void guest.fs("writeFile", path, utf8(text), WRITE, 0o666);

/** What is heard until an entry of this name is. */
async function heardUntil(guest: Caller, last: string): Promise<Change[]> {
  const heard: Change[] = [];
  for (;;) {
    const change = (await guest.fs("nextChange")) as unknown as Change;
    if (change[2] === last) return heard;
    heard.push(change);
  }
}

describe("watchers of a memory mount", () => {
  it("tell once of changes that say the same, until somebody takes them", async () => {
    using guest = memory();
    const watcher = guest.fs("watch", "/m");
    put(guest, "/m/f");
    for (let i = 0; i < 5; i += 1) put(guest, "/m/f", "text");
    put(guest, "/m/end");
    expect(await heardUntil(guest, "end")).toEqual([
      [watcher, true, "f"],
      [watcher, false, "f"],
    ]);
  });

  it("follow what they watch, not its path", async () => {
    using guest = memory();
    put(guest, "/m/f");
    const watcher = guest.fs("watch", "/m/f");
    guest.fs("rename", "/m/f", "/m/g");
    put(guest, "/m/f", "another");
    put(guest, "/m/g", "the same");
    const marker = guest.fs("watch", "/m");
    put(guest, "/m/end");
    expect(await heardUntil(guest, "end")).toEqual([
      [watcher, true, ""],
      [watcher, false, ""],
    ]);
    expect(marker).toBeGreaterThan(watcher);
  });

  it("say nothing more once they are closed, also of what was waiting", async () => {
    using guest = memory();
    const watcher = guest.fs("watch", "/m");
    put(guest, "/m/f");
    guest.fs("unwatch", watcher);
    put(guest, "/m/g");
    const second = guest.fs("watch", "/m");
    put(guest, "/m/end");
    expect(await guest.fs("nextChange")).toEqual([second, true, "end"]);
    expect(codeOf(() => guest.fs("unwatch", watcher))).toBe("EBADF");
  });

  it("tell of a file that is gone when its last handle closes", async () => {
    using guest = memory();
    put(guest, "/m/f");
    const watcher = guest.fs("watch", "/m/f");
    const fd = guest.fs("open", "/m/f", 0, 0);
    guest.fs("unlink", "/m/f");
    expect(await guest.fs("nextChange")).toEqual([watcher, false, ""]);
    const gone = guest.fs("nextChange");
    guest.fs("close", fd);
    expect(await gone).toEqual([watcher, true, ""]);
  });

  it("are closed with the run", async () => {
    using guest = memory();
    const watcher = guest.fs("watch", "/m");
    put(guest, "/m/f");
    guest.files.reset();
    expect(codeOf(() => guest.fs("unwatch", watcher))).toBe("EBADF");
    const second = guest.fs("watch", "/m");
    put(guest, "/m/end");
    expect(await guest.fs("nextChange")).toEqual([second, true, "end"]);
  });
});

describe("watchers of a host mount", () => {
  it("name entries and never the host's paths", async () => {
    using host = scratch();
    mkdirSync(join(host.path, "sub"));
    using guest = caller({ mounts: [{ guest: "/h", kind: "host", host: host.path, mode: "rw" }] });
    const watcher = guest.fs("watch", "/h/sub");
    guest.fs("chmod", "/h/sub", 0o700);
    put(guest, "/h/sub/f");
    put(guest, "/h/sub/end");
    expect(await heardUntil(guest, "end")).toEqual([
      [watcher, true, ""],
      [watcher, true, "f"],
    ]);
  });

  it("stay with the directory that was granted when another takes its place", async () => {
    using host = scratch();
    const at = (name: string): string => join(host.path, name);
    mkdirSync(at("open"));
    mkdirSync(at("secret"));
    using guest = caller({ mounts: [{ guest: "/h", kind: "host", host: host.path, mode: "ro" }] });
    guest.fs("watch", "/h/open");
    renameSync(at("open"), at("moved"));
    renameSync(at("secret"), at("open"));
    writeFileSync(at("open/hidden"), "");
    writeFileSync(at("moved/end"), "");
    const names = (await heardUntil(guest, "end")).map(([, , name]) => name);
    expect(names).not.toContain("hidden");
  });
});
