import type { CASE_GROUPS } from "./case-groups.ts";

type Module = (typeof CASE_GROUPS)[keyof typeof CASE_GROUPS][number];

const PLACE = "V8 does not tell where it was thrown, only where the error was made";
const CARETS = "V8 does not tell where the text it refused ends";
const CONTEXT = "a store is not carried across await";
const PROMISE = "who rejected which promise is not told, only one reason an entry";

/**
 * What differs from host Node without the native helper, and why. By module of `programs/cases`, by title.
 * vm and repl are not in it, for they are not run in patch mode; what v8 tells of its heap neither.
 */
export const PATCH_DIFFERENCES: Readonly<Partial<Record<Module, Readonly<Record<string, string>>>>> = {
  assert: { "an uncaught AssertionError ends with its diff": PLACE },
  intl: { "dates and time zones": "V8 is not told that the time zone changed" },
  "async-context": {
    "across await and thenables": CONTEXT,
    enterWith: CONTEXT,
    AsyncResource: "hooks and stores are two things there",
    "createHook: promises": "V8 tells nobody of what new Promise and async functions make, and what await waits for",
    "the store of a rejection and of an uncaught error": CONTEXT,
  },
  rejections: {
    "the listeners unhandledRejection and rejectionHandled": PROMISE,
    "a chain: only the last promise is unhandled": PROMISE,
    "uncaughtException gets a rejection, with its origin": PROMISE,
    "an error whose stack was read before it is rejected: its place is forgotten":
      "nor does V8 tell whether it still knows where an error was made",
  },
  domain: {
    "an error without a listener ends with code 1": PLACE,
  },
  errors: {
    "an uncaught text, number or object ends with code 1": PLACE,
    "an uncaught null ends with code 1": PLACE,
    "an uncaught error with a cause and an aggregate ends with all of them": PLACE,
    "an error with an own stack, a getter or no stack ends so": PLACE,
    "an error thrown again in an uncaughtException listener: the place of the throw": PLACE,
    "a syntax error at the end of the file has no caret": CARETS,
    "a syntax error at the end of a line has none either": CARETS,
    "carets under a comment that does not end": CARETS,
  },
  whatwg: {
    "globals that are made when they are first read look like plain values from the start":
      "only native code can make a property that is made when it is read and looks like a value",
  },
  worker_threads: { "what a worker throws arrives as its parent's error": PLACE },
};
