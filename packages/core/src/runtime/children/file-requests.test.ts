import { describe, expect, it } from "vitest";
import type { CellProcess } from "../cell-process.ts";
import { FileRequests } from "./file-requests.ts";

const args = Buffer.from("arguments");

/** A cell that only notes what it is sent, and on which pipe. */
function setUp() {
  const sent: string[] = [];
  const note = (pipe: string) => (header: { readonly type: string; readonly id?: number }) => {
    sent.push(`${pipe}:${header.type}:${header.id ?? ""}`);
  };
  const cell = { send: note("command"), answer: note("answer") } as unknown as CellProcess;
  return { requests: new FileRequests(cell), sent };
}

describe("FileRequests", () => {
  it("sends a request as a command, and as an aside while the cell blocks", async () => {
    const { requests, sent } = setUp();
    const first = requests.request(2, 0, args);
    requests.asked();
    const second = requests.request(2, 1, args);
    // The first may stand unread on the command pipe: the blocked cell gets it again.
    expect(sent).toEqual(["command:serve:1", "answer:serve:1", "answer:serve:2"]);
    requests.served(1, Buffer.from("one"));
    requests.served(2, Buffer.from("two"));
    expect((await Promise.all([first, second])).map((answer) => Buffer.from(answer ?? []).toString())).toEqual([
      "one",
      "two",
    ]);
    requests.answered();
    void requests.request(2, 2, args);
    expect(sent.at(-1)).toBe("command:serve:3");
  });

  it("answers nothing for a cell that is gone, and lets nobody wait for it", async () => {
    const { requests, sent } = setUp();
    const waiting = requests.request(2, 0, args);
    requests.end();
    expect(await waiting).toBe(undefined);
    expect(await requests.request(2, 0, args)).toBe(undefined);
    requests.release(2);
    requests.served(9, args);
    expect(sent).toEqual(["command:serve:1"]);
  });
});
