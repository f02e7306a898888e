import { describe, expect, it } from "vitest";
import { Listeners } from "./listeners.ts";

const tcp = (address: string, port: number, ipv6Only = false) =>
  ({ protocol: "tcp", address, port, ipv6Only }) as const;
const [parent, child, third] = [{ name: "parent" }, { name: "child" }, { name: "third" }];

describe("who listens where in a tree of processes", () => {
  it("finds another process's server by every address that leads to it, and never the asker's own", () => {
    const listeners = new Listeners<object>();
    listeners.add(parent, 1, tcp("0.0.0.0", 80));
    listeners.add(third, 1, tcp("::1", 81));
    expect(listeners.servedBy(child, "tcp", "127.0.0.1", 80)).toBe(parent);
    expect(listeners.servedBy(child, "tcp", "::ffff:127.9.9.9", 80)).toBe(parent);
    expect(listeners.servedBy(child, "tcp", "::1", 81)).toBe(third);
    expect(listeners.servedBy(parent, "tcp", "127.0.0.1", 80)).toBeUndefined();
    expect(listeners.servedBy(child, "tcp", "127.0.0.1", 81)).toBeUndefined();
    expect(listeners.servedBy(child, "tcp", "10.0.0.1", 80)).toBeUndefined();
    expect(listeners.servedBy(child, "pipe", "0.0.0.0", 80)).toBeUndefined();
  });

  it("finds for the embedder whoever serves, and tells it when somebody begins to", () => {
    const listeners = new Listeners<object>();
    const heard: unknown[] = [];
    listeners.watchers.add(() => heard.push(listeners.serving("tcp", "127.0.0.1", 80)));
    listeners.add(child, 1, tcp("::1", 80));
    listeners.add(parent, 1, tcp("0.0.0.0", 80));
    expect(heard).toEqual([undefined, parent]);
    expect(listeners.serving("tcp", "::1", 80)).toBe(child);
  });

  it("a port is taken for who would overlap it in another process", () => {
    const listeners = new Listeners<object>();
    listeners.add(parent, 1, tcp("127.0.0.1", 80));
    listeners.add(parent, 2, { protocol: "pipe", address: "/s", port: 0, ipv6Only: false });
    expect(listeners.isTaken(child, tcp("0.0.0.0", 80))).toBe(true);
    expect(listeners.isTaken(child, tcp("127.0.0.2", 80))).toBe(false);
    expect(listeners.isTaken(child, tcp("::", 80, true))).toBe(false);
    expect(listeners.isTaken(parent, tcp("127.0.0.1", 80))).toBe(false);
    expect(listeners.isTaken(child, { protocol: "pipe", address: "/s", port: 0, ipv6Only: false })).toBe(true);
  });

  it("forgets a socket that closes, and all of a process that ends", () => {
    const listeners = new Listeners<object>();
    listeners.add(parent, 1, tcp("127.0.0.1", 80));
    listeners.add(parent, 2, tcp("127.0.0.1", 81));
    listeners.remove(parent, 1);
    expect(listeners.servedBy(child, "tcp", "127.0.0.1", 80)).toBeUndefined();
    listeners.removeAll(parent);
    expect(listeners.servedBy(child, "tcp", "127.0.0.1", 81)).toBeUndefined();
  });

  it("keeps no more sockets of a process than its cell may have", () => {
    const listeners = new Listeners<object>();
    for (let socket = 1; socket <= 5000; socket++) listeners.add(parent, socket, tcp("127.0.0.1", socket));
    expect(listeners.servedBy(child, "tcp", "127.0.0.1", 4096)).toBe(parent);
    expect(listeners.servedBy(child, "tcp", "127.0.0.1", 4097)).toBeUndefined();
  });
});
