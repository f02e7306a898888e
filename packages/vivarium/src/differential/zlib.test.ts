import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { Differential } from "./differential.ts";

const program = (name: string) => ({ file: fileURLToPath(new URL(`programs/zlib/${name}`, import.meta.url)) });

// Without the helper the place where an error was thrown again is not known: no excerpt of it is compared.
describe.each([
  ["with the native helper", { nativeHelper: true }],
  ["without the native helper", { nativeHelper: false, env: { WITHOUT_THROW_PLACES: "1" } }],
] as const)("zlib, %s", (_, options) => {
  const differential = new Differential(options);
  afterAll(async () => {
    await differential.close();
    await closePool();
  });

  it.each([
    ["every format, level and parameter packs to the same bytes and back", "formats.cjs", "zstd huge"],
    ["bad input and bad options fail with the same errors", "errors.cjs", "unexpected end of file"],
    ["streams, flush, params, reset, members and web streams do the same", "streams.mjs", "slow true"],
  ] as const)("%s", async (_fact, name, printed) => {
    const { host, sandbox } = await differential.compare(program(name));
    expect(sandbox).toEqual(host);
    expect(host.stdout).toContain(printed);
  });
});
