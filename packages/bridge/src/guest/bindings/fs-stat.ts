import { Doubles, ToBigInt } from "../lib/intrinsics.ts";
import { ArrayProto, mathTrunc } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { descriptor } from "./fs-arguments.ts";
import type { Call } from "./fs-call.ts";
import { absolute, type PathLike } from "./fs-path.ts";
import type { StandardStreams } from "./fs-stdio.ts";

const BigInts = BigInt64Array;
type Values = Float64Array | BigInt64Array;

/** Writes numbers into an array of the library, from a place on. */
export function fillStats(into: Values, values: readonly unknown[], from = 0): Values {
  const big = into instanceof BigInts;
  for (let i = 0; i < values.length && from + i < into.length; i++) {
    into[from + i] = big ? ToBigInt(mathTrunc(values[i] as number)) : (values[i] as number);
  }
  return into;
}

/** Synchronous calls answer in one shared array, the others in one of their own: the caller reads it later. */
const filler =
  (plain: Float64Array, big: BigInt64Array) =>
  (values: readonly unknown[], args: readonly unknown[], sync: boolean): Values => {
    const wantsBig = args[1] === true;
    if (sync) return fillStats(wantsBig ? big : plain, values);
    return fillStats(wantsBig ? new BigInts(values.length) : new Doubles(values.length), values);
  };

/** `throwIfNoEntry: false`. Node's lstat does not count a file in the way as nothing there. */
const quiet =
  (...codes: readonly string[]) =>
  (code: string, args: readonly unknown[]): boolean =>
    args[3] === false && ArrayProto.includes(codes, code);

/** stat, lstat, fstat and statfs. */
export function statCalls(realm: Realm, binding: Binding, streams: StandardStreams): Record<string, Call> {
  const finish = filler(binding.statValues as Float64Array, binding.bigintStatValues as BigInt64Array);
  const finishFs = filler(binding.statFsValues as Float64Array, binding.bigintStatFsValues as BigInt64Array);
  return {
    stat: {
      syscall: "stat",
      request: 2,
      path: 0,
      run: (path: PathLike) => realm.sys.fs.stat(absolute(realm, path)),
      finish,
      quiet: quiet("ENOENT", "ENOTDIR"),
    },
    lstat: {
      syscall: "lstat",
      request: 2,
      path: 0,
      run: (path: PathLike) => realm.sys.fs.lstat(absolute(realm, path)),
      finish,
      quiet: quiet("ENOENT"),
    },
    fstat: {
      syscall: "fstat",
      request: 2,
      run(fd: unknown) {
        const number = descriptor(realm, fd);
        return streams.has(number) ? streams.stat(number) : realm.sys.fs.fstat(number);
      },
      finish,
    },
    statfs: {
      syscall: "statfs",
      request: 2,
      path: 0,
      run: (path: PathLike) => realm.sys.fs.statfs(absolute(realm, path)),
      finish: finishFs,
    },
  };
}
