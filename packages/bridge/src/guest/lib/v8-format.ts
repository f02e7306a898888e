/**
 * V8's value serialization format, version 15 (v8/src/objects/value-serializer.cc): what `v8.serialize` writes and
 * what structured clones travel in. Tags are the codes of the characters in the comments.
 */
export const FORMAT_VERSION = 15;
/** Oldest version V8 12 still reads with the rules written down here. */
export const OLDEST_VERSION = 13;

export const V8Tag = {
  version: 0xff,
  padding: 0x00,
  verifyObjectCount: 0x3f, // ?
  theHole: 0x2d, // -
  undefined: 0x5f, // _
  null: 0x30, // 0
  true: 0x54, // T
  false: 0x46, // F
  int32: 0x49, // I
  uint32: 0x55, // U
  double: 0x4e, // N
  bigint: 0x5a, // Z
  utf8String: 0x53, // S
  oneByteString: 0x22, // "
  twoByteString: 0x63, // c
  reference: 0x5e, // ^
  object: 0x6f, // o
  endObject: 0x7b, // {
  sparseArray: 0x61, // a
  endSparseArray: 0x40, // @
  denseArray: 0x41, // A
  endDenseArray: 0x24, // $
  date: 0x44, // D
  trueObject: 0x79, // y
  falseObject: 0x78, // x
  numberObject: 0x6e, // n
  bigintObject: 0x7a, // z
  stringObject: 0x73, // s
  regexp: 0x52, // R
  map: 0x3b, // ;
  endMap: 0x3a, // :
  set: 0x27, // '
  endSet: 0x2c, // ,
  arrayBuffer: 0x42, // B
  resizableArrayBuffer: 0x7e, // ~
  arrayBufferTransfer: 0x74, // t
  view: 0x56, // V
  sharedArrayBuffer: 0x75, // u
  hostObject: 0x5c, // \
  error: 0x72, // r
} as const;

/** Parts of an error. */
export const ErrorPart = { message: 0x6d, stack: 0x73, cause: 0x63, end: 0x2e } as const;

/** Error classes by the tag that names them; any other is `Error`. */
export const ERROR_TAGS = [
  ["EvalError", 0x45],
  ["RangeError", 0x52],
  ["ReferenceError", 0x46],
  ["SyntaxError", 0x53],
  ["TypeError", 0x54],
  ["URIError", 0x55],
] as const;

/** Views by the tag that names them. */
export const VIEW_TAGS = [
  ["Int8Array", 0x62],
  ["Uint8Array", 0x42],
  ["Uint8ClampedArray", 0x43],
  ["Int16Array", 0x77],
  ["Uint16Array", 0x57],
  ["Int32Array", 0x64],
  ["Uint32Array", 0x44],
  ["Float16Array", 0x68],
  ["Float32Array", 0x66],
  ["Float64Array", 0x46],
  ["BigInt64Array", 0x71],
  ["BigUint64Array", 0x51],
  ["DataView", 0x3f],
] as const;

/** Bits of a view's flags. */
export const ViewFlag = { lengthTracking: 1, resizable: 2 } as const;

/** Regular expression flags by bit. */
export const REGEXP_FLAGS = [
  ["g", 1],
  ["i", 2],
  ["m", 4],
  ["y", 8],
  ["u", 16],
  ["s", 32],
  ["d", 128],
  ["v", 256],
] as const;
