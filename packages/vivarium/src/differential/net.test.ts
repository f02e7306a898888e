import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { Differential } from "./differential.ts";

const program = (name: string) => ({ file: fileURLToPath(new URL(`programs/net/${name}`, import.meta.url)) });

describe.each([
  ["with the native helper", true],
  ["without the native helper", false],
] as const)("the network inside the sandbox, %s", (_, nativeHelper) => {
  const differential = new Differential({ compat: "full", nativeHelper });
  afterAll(async () => {
    await differential.close();
    await closePool();
  });

  it.each([
    ["TCP connects, talks, half closes, resets and refuses as on Node", "tcp.cjs", "exit with open sockets 0"],
    ["a server hears of one connection a round, as on Node", "staggered.cjs", "accepted before the first spoke: some"],
    ["chunks of every kind arrive in order, also those a connection has no room for", "corked.cjs", "795810 true"],
    ["a stack names the kind of request it comes from", "request-frames.cjs", "TCPConnectWrap.afterConnect"],
    ["UDP sends, receives and refuses as on Node", "udp.cjs", "EADDRINUSE"],
    ["the processes of one tree reach each other's servers", "family.cjs", "parent to thread: 127.0.0.1"],
    ["a resolver asks servers of the program and reads their answers as on Node", "dns.cjs", '60 ["1.2.3.4"]'],
    ["UDP takes options, joins groups and connects as on Node", "udp-options.cjs", "exit 0"],
    ["Unix sockets have entries in the file system as on Node", "unix.cjs", "ENXIO open"],
    ["HTTP serves and asks as on Node", "http.cjs", "uncaught in a request"],
  ] as const)("%s", async (_fact, name, printed) => {
    const { host, sandbox } = await differential.compare(program(name));
    expect(sandbox).toEqual(host);
    expect(host.stdout).toContain(printed);
  });
});
