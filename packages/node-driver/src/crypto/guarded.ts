import { attempt } from "./failure.ts";

type Handler = (...args: never[]) => unknown;

/** Handlers whose engine errors are failures from which the guest makes the same errors. */
export const guarded = <T extends object>(handlers: T): T =>
  Object.fromEntries(
    Object.entries(handlers).map(([name, handler]: [string, Handler]) => [
      name,
      (...args: never[]) => attempt(() => handler(...args)),
    ]),
  ) as T;
