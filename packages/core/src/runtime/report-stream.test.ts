import { Buffer } from "node:buffer";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { encodeFrame } from "../channel/frames.ts";
import { ReportStream } from "./report-stream.ts";

const stdio = (text: string) => encodeFrame({ type: "stdio", channel: 1 }, Buffer.from(text));

describe("ReportStream", () => {
  it("stops reading the pipe while a handler's promise is pending", async () => {
    const source = new PassThrough();
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const seen: string[] = [];
    const stream = new ReportStream(
      source,
      (_report, body) => {
        seen.push(Buffer.from(body).toString());
        return seen.length === 1 ? held : undefined;
      },
      () => {},
    );
    source.write(stdio("a"));
    await new Promise(setImmediate);
    source.write(stdio("b"));
    source.end(stdio("c"));
    await new Promise(setImmediate);
    expect([source.isPaused(), seen]).toEqual([true, ["a"]]);
    release();
    await stream.ended;
    expect(seen).toEqual(["a", "b", "c"]);
  });

  it("is not ended before what came last is handled", async () => {
    const source = new PassThrough();
    const seen: string[] = [];
    const stream = new ReportStream(
      source,
      async (_report, body) => {
        await new Promise(setImmediate);
        seen.push(Buffer.from(body).toString());
      },
      () => {},
    );
    source.end(Buffer.concat([stdio("a"), stdio("b"), stdio("c")]));
    await stream.ended;
    expect(seen).toEqual(["a", "b", "c"]);
  });

  it("says once what broke, and handles nothing after it", async () => {
    const source = new PassThrough();
    const broken: Error[] = [];
    const seen: string[] = [];
    const stream = new ReportStream(
      source,
      (report) => void seen.push(report.type),
      (error) => void broken.push(error),
    );
    source.write(Buffer.concat([stdio("a"), encodeFrame({ type: "other" }), stdio("b")]));
    await stream.ended;
    expect([seen, broken.length]).toEqual([["stdio"], 1]);
  });
});
