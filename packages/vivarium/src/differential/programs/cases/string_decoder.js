//// a character in pieces, in every encoding
const { StringDecoder } = require("string_decoder");
for (const encoding of ["utf8", "utf16le", "base64", "base64url", "hex", "latin1", "ascii"]) {
  const decoder = new StringDecoder(encoding);
  const out = [];
  for (const byte of Buffer.from("a€😀z", encoding === "utf16le" ? encoding : "utf8")) out.push(decoder.write(Buffer.from([byte])));
  console.log(encoding, decoder.encoding, out, JSON.stringify(decoder.end()));
}

//// what is left at the end
const { StringDecoder } = require("string_decoder");
const decoder = new StringDecoder("utf8");
console.log(JSON.stringify(decoder.write(Buffer.from([0xe2, 0x82]))), decoder.lastNeed, decoder.lastTotal, decoder.lastChar);
console.log(JSON.stringify(decoder.end()), JSON.stringify(decoder.end()), JSON.stringify(decoder.end(Buffer.from([0xac]))));
console.log(decoder.write(Buffer.from("again")));

//// broken UTF-8
const { StringDecoder } = require("string_decoder");
for (const bytes of [[0xc0, 0x80], [0xe2, 0x41], [0xf0, 0x9f, 0x41], [0xed, 0xa0, 0x80], [0xff], [0x80, 0x80], [0xf8, 0x88]]) {
  const whole = new StringDecoder();
  const pieces = new StringDecoder();
  console.log(bytes, escape(whole.write(Buffer.from(bytes)) + whole.end()), escape(bytes.map((b) => pieces.write(Buffer.from([b]))).join("|") + "|" + pieces.end()));
}

//// surrogates of UTF-16 in pieces
const { StringDecoder } = require("string_decoder");
const decoder = new StringDecoder("ucs2");
console.log(decoder.encoding, [decoder.write(Buffer.from([0x3d])), decoder.write(Buffer.from([0xd8])), decoder.write(Buffer.from([0x00, 0xde])), escape(decoder.end(Buffer.from([0x3d, 0xd8, 0x01])))]);

//// views, strings and wrong arguments
const { StringDecoder } = require("string_decoder");
const decoder = new StringDecoder();
console.log(decoder.write("text"), decoder.write(new Uint8Array([65, 66])), decoder.write(new DataView(new ArrayBuffer(2))), decoder.write(new Uint16Array([0x4241])));
for (const value of [null, 1, {}, []]) {
  try {
    decoder.write(value);
  } catch (error) {
    console.log(error.name, error.code, error.message);
  }
}
try {
  new StringDecoder("nope");
} catch (error) {
  console.log(error.name, error.code, error.message);
}

//// inspected, and called without a string decoder
const { StringDecoder } = require("string_decoder");
const decoder = new StringDecoder("utf-8");
console.log(Object.keys(decoder), decoder.lastNeed, typeof decoder.text, decoder.text(Buffer.from("abc"), 1));
try {
  StringDecoder.prototype.write.call({}, Buffer.from("a"));
} catch (error) {
  console.log(error.name, error.code, error.message);
}
