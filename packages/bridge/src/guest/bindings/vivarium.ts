import { printedFrames } from "../lib/frames.ts";
import { implement } from "../lib/implement.ts";
import { explainRefusal } from "../lib/refusals.ts";
import { untouchedGlobal } from "../lib/untouched-regexp.ts";
import { createLoaderFs, type LoaderFs, type PublicFs } from "../modules/loader-fs.ts";
import { SafeWeakMap } from "../primordials.ts";
import type { InstallBinding } from "../realm.ts";

/** `internalBinding('vivarium')`: what the patched parts of the library ask of us. */
export const install: InstallBinding = (binding, realm) => {
  const made = new SafeWeakMap<object, LoaderFs>();
  implement(binding, {
    printedFrames,
    explainRefusal,
    /** What regular expressions are made in that programs can neither change nor watch. */
    internalGlobal: () => realm.native?.makeContext(undefined, true, false, false, () => {}) ?? untouchedGlobal,
    // The first call comes while the library boots, before a program can have changed `fs`.
    loaderFs(fs: PublicFs) {
      let loader = made.get(fs);
      if (!loader) {
        loader = createLoaderFs(realm, fs);
        made.set(fs, loader);
      }
      return loader;
    },
  });
};
