import { Buffer } from "node:buffer";
import { PassThrough, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { Denials } from "./denials.ts";
import { Output } from "./output.ts";

const make = () => {
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
  return { ...streams, output: new Output(streams, () => {}) };
};
const text = (stream: PassThrough) => String(stream.read() ?? "");

describe("Output", () => {
  it("passes bytes through as they are", () => {
    const { stdout, output } = make();
    output.write({ channel: "stdout", data: Buffer.from([0, 255, 10, 128]) });
    expect(stdout.read()).toEqual(Buffer.from([0, 255, 10, 128]));
  });

  it("puts the host's lines between the guest's, never into one", async () => {
    const { stderr, output } = make();
    output.write({ channel: "stderr", data: Buffer.from("half ") });
    output.say("one");
    output.write({ channel: "stderr", data: Buffer.from("line\n") });
    output.say("two");
    output.write({ channel: "stderr", data: Buffer.from("open") });
    output.say("three");
    await output.end();
    expect(text(stderr)).toBe("half line\nvivarium: one\nvivarium: two\nopen\nvivarium: three\n");
  });

  it("holds the guest back while the host's stream is full", async () => {
    let take: () => void = () => {};
    const stdout = new Writable({
      highWaterMark: 1,
      write(_chunk, _encoding, done) {
        take = done;
      },
    });
    const output = new Output({ stdout, stderr: new PassThrough() }, () => {});
    let released = false;
    const held = Promise.resolve(output.write({ channel: "stdout", data: Buffer.from("abc") })).then(() => {
      released = true;
    });
    await new Promise(setImmediate);
    expect(released).toBe(false);
    take();
    await held;
    expect(released).toBe(true);
  });
});

describe("Denials", () => {
  const denied = { domain: "fs", op: "read", allowed: false, rule: "no rule" } as const;
  const cure = 'permissions.fs.read: ["/etc/hosts"] (--allow-fs-read=/etc/hosts)';

  it("says each denial once, with the flag that would allow it", () => {
    const said: string[] = [];
    const { note } = new Denials((line) => void said.push(line));
    note({ ...denied, resource: "/etc/hosts", cure });
    note({ ...denied, resource: "/etc/hosts", cure });
    note({ ...denied, resource: "/x", cure, allowed: true });
    expect(said).toEqual(["denied fs.read /etc/hosts; allow it with --allow-fs-read=/etc/hosts"]);
  });

  it("a resource's name cannot write to the terminal", () => {
    const said: string[] = [];
    new Denials((line) => void said.push(line)).note({
      ...denied,
      resource: "/a\n\u001b[2J",
      cure: "permissions.fs.read: [...]",
    });
    expect(said).toEqual([String.raw`denied fs.read "/a\n\u001b[2J"; allow it with permissions.fs.read: [...]`]);
  });

  it("a guest that is denied everywhere does not flood the terminal", () => {
    const said: string[] = [];
    const { note } = new Denials((line) => void said.push(line));
    for (let index = 0; index < 1000; index++) note({ ...denied, resource: `/${index}`, cure });
    expect(said.length).toBe(51);
  });
});
