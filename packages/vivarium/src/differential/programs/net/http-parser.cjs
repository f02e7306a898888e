"use strict";
// Node's HTTP parser on messages put together from good and bad pieces, in one write or several, with every lenient flag:
// what it tells of each, and with which error it stops.
const { HTTPParser } = require("_http_common");

const REQUESTS = [
  "GET / HTTP/1.1\r\nHost: a\r\n",
  "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
  "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n",
  "",
];
const RESPONSES = ["HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.0 204\r\n"];
const PIECES = [
  ...["GET", "POST", "CONNECT", "PRI * HTTP/2.0", "SOURCE", "QUERY", " ", "/", "*", "/a?b#c", "http://x/"],
  ...[" HTTP/1.1", " HTTP/1.0", " HTTP/0.9", " HTTP/2.0", " HTTP/1.2", "HTTP/1.1 101 S", "\r\n", "\r\n", "\r\n", "\n", "\r"],
  ...["Host: b", "Content-Length: 3", "Content-Length: 5", "Content-Length:", "Content-Length: +3", "Content-Length: 3, 3"],
  ...["Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, identity"],
  ...["Transfer-Encoding: chunked\r\nTransfer-Encoding: x", "Transfer-Encoding : chunked", "Connection: close"],
  ...["Connection: upgrade\r\nUpgrade: x", "X: y", "\r\n folded", "\r\n\tfolded", "X : y", ":v", "X:", "X:  y \t", "A: b\x01c"],
  ...["3", "3;a=b", '3;a="q\\"z"', "0", "5 ", "abc", "hello", "\r\n\r\n", "\r\n\r\n", "\x00", "\x7f", "\xff", "0;e"],
  ...["+3", "0x3", "-1", ";", ";;", '="', ";a", "0\r\nT: x\r\n\r\n", "\r\n0\r\n\r\n", "ffffffffffffffff", "fffffffffffffffff"],
];

// Numbers anyone can repeat (Lehmer's generator).
let state = 20_240_707;
const below = (limit) => {
  state = (state * 48_271) % 2_147_483_647;
  return state % limit;
};
const anyOf = (list) => list[below(list.length)];

/** What a parser tells about pieces of one message. */
function observe(type, lenient, pieces) {
  const told = [];
  const parser = new HTTPParser();
  parser.initialize(type, {}, 0, lenient);
  parser[HTTPParser.kOnHeaders | 0] = (headers, url) => told.push(`trailers ${JSON.stringify(headers)} ${url}`);
  parser[HTTPParser.kOnHeadersComplete | 0] = (major, minor, headers, method, url, status, message, upgrade, keepAlive) => {
    told.push(`head ${major}.${minor} ${method} ${url} ${status} ${message} ${upgrade} ${keepAlive} ${JSON.stringify(headers)}`);
  };
  parser[HTTPParser.kOnBody | 0] = (bytes) => told.push(`body ${JSON.stringify(bytes.latin1Slice())}`);
  parser[HTTPParser.kOnMessageComplete | 0] = () => told.push("complete");
  let failed = false;
  for (const piece of [...pieces, undefined]) {
    const result = piece === undefined ? parser.finish() : parser.execute(Buffer.from(piece, "latin1"));
    failed = result instanceof Error;
    told.push(failed ? `${result.code} ${result.reason} ${piece === undefined ? "" : result.bytesParsed}` : `${result}`);
    if (failed || (piece !== undefined && result < piece.length)) break;
  }
  parser.close();
  return told.join(" | ");
}

/** The most names and values a request may have, which the library writes on the parser. */
function count(most, fields, trailers) {
  const told = [];
  const parser = new HTTPParser();
  parser.initialize(HTTPParser.REQUEST, {});
  parser.maxHeaderPairs = most;
  parser[HTTPParser.kOnHeadersComplete | 0] = () => told.push("head");
  parser[HTTPParser.kOnMessageComplete | 0] = () => told.push("complete");
  const lines = (length) => Array.from({ length }, (_, i) => `A${i}: y\r\n`).join("");
  const message = `POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n${lines(fields)}\r\n0\r\n${lines(trailers)}\r\n`;
  const result = parser.execute(Buffer.from(message + message));
  return [...told, result.code ?? result, result.bytesParsed].join(" ");
}

for (const most of [10, 9, 1, 0, -1, 10.5, Number.NaN, Number.POSITIVE_INFINITY, "4", null, undefined]) {
  for (const fields of [3, 4, 5, 40]) for (const trailers of [0, 4, 5, 6]) console.log(most, fields, trailers, count(most, fields, trailers));
}
for (let n = 0; n < 3000; n++) {
  const isRequest = below(3) > 0;
  let text = anyOf(isRequest ? REQUESTS : RESPONSES);
  for (let i = below(12); i > 0; i--) text += anyOf(PIECES);
  if (below(2)) text += "\r\n\r\n";
  const at = below(3) ? text.length : below(text.length + 1);
  const pieces = [text.slice(0, at), text.slice(at)].filter((piece) => piece !== "");
  const lenient = below(2) ? 0 : below(1024);
  console.log(n, lenient, JSON.stringify(pieces), observe(isRequest ? 1 : 2, lenient, pieces));
}
