import { describe, expect, it } from "vitest";
import { answerLookup } from "./lookup.ts";

const failing = (error: unknown) => () => Promise.reject(error);

describe("answerLookup()", () => {
  it("tells the addresses in the embedder's order, those of the family alone", async () => {
    const found = async () => ["2606:2800::1", "93.184.216.34", "x", 1 as never, "127.1", "1.2.3.4\n", "fe80::1"];
    expect(await answerLookup(found, "a.test", 0)).toEqual({ ok: true, text: "2606:2800::1 93.184.216.34 fe80::1" });
    expect(await answerLookup(found, "a.test", 4)).toEqual({ ok: true, text: "93.184.216.34" });
    expect(await answerLookup(found, "a.test", 6)).toEqual({ ok: true, text: "2606:2800::1 fe80::1" });
  });

  it("hands on the name and the family, and takes an answer at once", async () => {
    const asked: unknown[] = [];
    const found = (...args: unknown[]) => {
      asked.push(args);
      return ["1.2.3.4"];
    };
    expect(await answerLookup(found, "a.test", 4)).toEqual({ ok: true, text: "1.2.3.4" });
    expect(asked).toEqual([["a.test", { family: 4 }]]);
  });

  it("is bounded in what it tells", async () => {
    const { text } = await answerLookup(() => new Array(100_000).fill("1.2.3.4"), "a.test", 4);
    expect(text.split(" ")).toHaveLength(64);
  });

  it("tells a known code of what went wrong, and nothing else", async () => {
    const of = async (lookup: Parameters<typeof answerLookup>[0]) => (await answerLookup(lookup, "a.test", 0)).text;
    expect(await of(failing(Object.assign(new Error("/host/path"), { code: "ENOTFOUND" })))).toBe("EAI_NONAME");
    expect(await of(failing(Object.assign(new Error("x"), { code: "EAI_AGAIN" })))).toBe("EAI_AGAIN");
    for (const odd of [new Error("x"), null, { code: "toString" }, { code: 7 }, { code: "EACCES" }])
      expect(await of(failing(odd))).toBe("EAI_FAIL");
    expect(await of(() => [])).toBe("EAI_NONAME");
    expect(await of(() => "1.2.3.4" as never)).toBe("EAI_FAIL");
    expect(await of(undefined)).toBe("EAI_FAIL");
    expect(
      await of(() => {
        throw new Error("at once");
      }),
    ).toBe("EAI_FAIL");
  });
});
