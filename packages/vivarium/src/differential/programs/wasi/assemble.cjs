// WebAssembly modules from a readable table: https://webassembly.github.io/spec/core/binary/
const TYPE = { i32: 0x7f, i64: 0x7e };
const SECTION = { type: 1, import: 2, function: 3, memory: 5, export: 7, code: 10, data: 11 };
const OPCODE = {
  unreachable: [0x00],
  loop: [0x03, 0x40],
  if: [0x04, 0x40],
  end: [0x0b],
  br: [0x0c],
  call: [0x10],
  drop: [0x1a],
  "i32.load": [0x28, 0x02],
  "i32.store": [0x36, 0x02],
  "i32.const": [0x41],
  "i64.const": [0x42],
  "i32.add": [0x6a],
};
const MEMORY = 0;
const FUNCTION = 0;

/** A number as signed LEB128, of any size. */
function signed(value) {
  let rest = BigInt(value);
  const bytes = [];
  for (;;) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    const isLast = (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

/** A number as unsigned LEB128. */
function unsigned(value) {
  const bytes = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

const list = (items) => [...unsigned(items.length), ...items.flat()];
const text = (value) => list([...Buffer.from(value)].map((byte) => [byte]));
const section = (id, items) => {
  const body = list(items);
  return [id, ...unsigned(body.length), ...body];
};
const types = (names) => list(names.map((name) => [TYPE[name]]));
const functionType = ([params, results]) => [0x60, ...types(params), ...types(results)];

/**
 * Makes a module with a memory and `_start`.
 * @param imports name -> parameter and result types, of wasi_snapshot_preview1; called by name
 * @param data offset -> text
 * @param code instructions, each a word and its operand: `["i32.const", 1]`, `["call", "fd_write"]`
 */
function assemble({ imports, data = {}, code, pages = 1 }) {
  const names = Object.keys(imports);
  const instructions = code.flatMap(([word, operand]) => {
    if (word === "call") return [...OPCODE.call, ...unsigned(names.indexOf(operand))];
    if (word === "br") return [...OPCODE.br, ...unsigned(operand)];
    if (word.endsWith(".const")) return [...OPCODE[word], ...signed(operand)];
    if (word.endsWith("load") || word.endsWith("store")) return [...OPCODE[word], ...unsigned(operand ?? 0)];
    return OPCODE[word];
  });
  const body = [0, ...instructions, ...OPCODE.end];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(SECTION.type, [...names.map((name) => functionType(imports[name])), functionType([[], []])]),
    ...section(
      SECTION.import,
      names.map((name, index) => [...text("wasi_snapshot_preview1"), ...text(name), FUNCTION, ...unsigned(index)]),
    ),
    ...section(SECTION.function, [unsigned(names.length)]),
    ...section(SECTION.memory, [[0, ...unsigned(pages)]]),
    ...section(SECTION.export, [
      [...text("memory"), 2, MEMORY],
      [...text("_start"), FUNCTION, ...unsigned(names.length)],
    ]),
    ...section(SECTION.code, [[...unsigned(body.length), ...body]]),
    ...section(
      SECTION.data,
      Object.entries(data).map(([offset, value]) => [0, ...OPCODE["i32.const"], ...signed(offset), ...OPCODE.end, ...text(value)]),
    ),
  ]);
}

module.exports = { assemble };
