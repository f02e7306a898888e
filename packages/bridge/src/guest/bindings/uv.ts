import { implement } from "../lib/implement.ts";
import { NativeMap } from "../lib/intrinsics.ts";
import { errorMap } from "../lib/uvexception.ts";
import { MapProto } from "../primordials.ts";
import type { InstallBinding } from "../realm.ts";

export const install: InstallBinding = (binding, realm) => {
  const find = (errno: number) => {
    const map = errorMap(realm);
    for (let i = 0; i < map.length; i++) if (map[i]?.[0] === errno) return map[i]?.[1];
    return undefined;
  };
  let warned = false;
  // The library asks `getErrorMap`; who comes here came through process.binding().
  const warnOnce = (): void => {
    if (warned || realm.config.options["--pending-deprecation"] !== true) return;
    warned = true;
    (realm.process as { emitWarning(...args: string[]): void }).emitWarning(
      "Directly calling process.binding('uv').errname(<val>) is being deprecated. " +
        "Please make sure to use util.getSystemErrorName() instead.",
      "DeprecationWarning",
      "DEP0119",
    );
  };
  implement(binding, {
    errname(errno: number) {
      warnOnce();
      return find(errno)?.[0] ?? `Unknown system error ${errno}`;
    },
    getErrorMessage: (errno: number) => find(errno)?.[1] ?? `Unknown system error ${errno}`,
    getErrorMap() {
      const map = errorMap(realm);
      const out = new NativeMap<number, unknown>();
      for (let i = 0; i < map.length; i++) {
        const entry = map[i];
        if (entry) MapProto.set(out, entry[0], [entry[1][0], entry[1][1]]);
      }
      return out;
    },
  });
};
