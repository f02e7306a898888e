/**
 * Constructors and static functions as they were before any guest code ran: code under `guest/` names these instead of
 * the globals, which a program may replace.
 */
export const Bytes = Uint8Array;
export const Words = Uint16Array;
export const Doubles = Float64Array;
export const Ints = Int32Array;
export const RawBuffer = ArrayBuffer;
export const View = DataView;
export const NativeError = Error;
export const NativeTypeError = TypeError;
export const NativeRangeError = RangeError;
export const NativeReferenceError = ReferenceError;
export const NativeProxy = Proxy;
export const NativePromise = Promise;
export const NativeMap = Map;
export const NativeSet = Set;
export const NativeDate = Date;
export const NativeRegExp = RegExp;
export const NativeWeakRef = WeakRef;
export const NativeObject = Object;
export const NativeArray = Array;
export const NativeFunction = Function;
export const ToString = String;
export const ToNumber = Number;
export const ToBigInt = BigInt;
export const ToBoolean = Boolean;
const { asIntN, asUintN } = BigInt;
/** The lowest 64 bits, unsigned and signed. */
export const asUint64 = (value: bigint): bigint => asUintN(64, value);
export const asInt64 = (value: bigint): bigint => asIntN(64, value);
export const ObjectPrototype: object = Object.prototype;
export const ArrayPrototype: object = Array.prototype;
export const FunctionPrototype: object = Function.prototype;
