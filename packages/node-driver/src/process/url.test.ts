import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { urlHandlers } from "./url.ts";

/** Inputs in the manner of the URL tests of web-platform-tests, with bases where they need one. */
const SCHEMES = [
  "http:",
  "https:",
  "ws:",
  "wss:",
  "ftp:",
  "file:",
  "foo:",
  "web+demo:",
  "data:",
  "javascript:",
  "blob:",
  "mailto:",
];
const AUTHORITIES = [
  "",
  "//",
  "///",
  "//host",
  "//HOST.example",
  "//user@host",
  "//user:pass@host:8080",
  "//:pass@host",
  "//user:@host",
  "//us%40er:pa:ss@h:1",
  "//[::1]",
  "//u:p@[2001:db8::1]:99",
  "//127.0.0.1:80",
  "//0x7f.1",
  "//host:443",
  "//host:21",
  "//host:0",
  "//b\u00fccher.example",
  "//localhost",
  "//a@b@c",
];
const PATHS = [
  "",
  "/",
  "/a/b/../c",
  "/.//x",
  "/..//x/y",
  "//x",
  "/a?q",
  "?",
  "#",
  "/?#",
  "/a b?c d#e f",
  "?q#h?i",
  "/p;x=1@2:3",
  "/C:/x",
  "/C|/x",
  "/%2e%2e/x",
  "opaque",
  "opaque path ?q #h",
  "\\back\\slash",
  "/\u00fc?\u00fc#\u00fc",
];
const RELATIVE: readonly [string, string][] = [
  ["", "http://u:p@h:1/a/b?c#d"],
  ["#x", "mailto:a"],
  ["?y", "http://h/a#b"],
  ["../..//z", "foo://h/a/b/c"],
  ["//other", "https://h/"],
  ["/.//p", "foo:/a"],
  ["..//p", "foo:/a/b"],
  ["C:/x", "file:///D:/y"],
];

const inputs: [string, string | undefined][] = [
  ...SCHEMES.flatMap((scheme) =>
    AUTHORITIES.flatMap((authority) =>
      PATHS.map((path): [string, undefined] => [scheme + authority + path, undefined]),
    ),
  ),
  ...RELATIVE,
];

/** What the real binding answers to a list of calls. */
const native = <T>(script: string, data: unknown): T =>
  JSON.parse(
    execFileSync(
      process.execPath,
      [
        "--no-warnings",
        "--expose-internals",
        "-e",
        `const { internalBinding } = require("internal/test/binding"); const url = internalBinding("url");
         const data = JSON.parse(require("fs").readFileSync(0, "utf8"));
         process.stdout.write(JSON.stringify((${script})(url, data)))`,
      ],
      { input: JSON.stringify(data), maxBuffer: 256 * 1024 * 1024 },
    ).toString(),
  ) as T;

describe("url handlers", () => {
  it(`finds the components Node finds in ${inputs.length} URLs`, () => {
    const expected = native<unknown[][]>(
      "(url, data) => data.map(([input, base]) => { const href = url.parse(input, base ?? undefined, false); return href === undefined ? [] : [href, ...url.urlComponents]; })",
      inputs,
    );
    const wrong: unknown[] = [];
    inputs.forEach(([input, base], i) => {
      const actual = urlHandlers.parse([], input, base);
      if (JSON.stringify(actual) !== JSON.stringify(expected[i])) wrong.push([input, base, actual, expected[i]]);
    });
    expect(wrong).toEqual([]);
    expect(expected.filter((answer) => answer.length > 0).length).toBeGreaterThan(1000);
  });

  it("sets parts as Node does", () => {
    const hrefs = ["http://u:p@h:1/a?b#c", "foo:/.//x", "file:///C:/x", "mailto:a?b", "https://h/", "foo://h/x"];
    const values = ["", "x", "https", "h2:99", "8080", "99999", "/n?#", "?q", "#f", "a b", "ftp:", "[::1]", "\u00fc"];
    const calls = hrefs.flatMap((href) =>
      values.flatMap((value) => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((action) => [href, action, value])),
    );
    const expected = native<unknown[]>(
      "(url, data) => data.map(([href, action, value]) => { const r = url.update(href, action, value); return r === false ? [] : [r, ...url.urlComponents]; })",
      calls,
    );
    const wrong: unknown[] = [];
    calls.forEach(([href, action, value], i) => {
      const actual = urlHandlers.update([], href as string, action as number, value as string);
      // A setter that refuses leaves the URL alone either way.
      const same = JSON.stringify(actual) === JSON.stringify(expected[i]);
      const refused =
        (expected[i] as unknown[]).length === 0 && actual[0] === new URL(href as string).href && action !== 9;
      if (!same && !refused) wrong.push([href, action, value, actual, expected[i]]);
    });
    expect(wrong).toEqual([]);
  });

  it("formats as Node does", () => {
    const hrefs = ["http://u:p@xn--bcher-kva.example:1/a?b#c", "mailto:a?b#c", "https://h/?#", "file:///x#y"];
    const flags = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15].map((bits) =>
      [1, 2, 4, 8].map((bit) => (bits & bit) !== 0),
    );
    const calls = hrefs.flatMap((href) => flags.map((set) => [href, ...set]));
    const expected = native<string[]>("(url, data) => data.map((args) => url.format(...args))", calls);
    const actual = calls.map(([href, a, b, c, d]) =>
      urlHandlers.format([], href as string, a as boolean, b as boolean, c as boolean, d as boolean),
    );
    expect(actual).toEqual(expected);
  });
});
