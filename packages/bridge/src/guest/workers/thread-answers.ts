import { CloneMessage } from "../lib/clone-message.ts";
import { append } from "../lib/define.ts";
import { Ints, NativePromise } from "../lib/intrinsics.ts";
import { arrayIsArray } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { threadsOf } from "./threads.ts";

/** Index of the result in what the library reads of an answer (lib/internal/worker/messaging.js). */
const RESULT = 1;
const NUMBERS = 2;

/** What `postMessageToThread` waits with. */
interface Awaited {
  /** The port that goes with the message, over which the other thread answers. */
  readonly memory: object;
  readonly status: Int32Array;
  /** As of `Atomics.waitAsync`. */
  readonly promise: Promise<"ok" | "timed-out">;
}

type SetTimeout = (run: () => void, delay: number) => { unref(): void };

/** Node's threads answer each other in shared memory; these do by a port. It keeps nobody alive. */
export function awaitAnswer(realm: Realm, timeout: number | undefined): Awaited {
  const { ports } = threadsOf(realm);
  const { 0: own, 1: far } = ports.pair();
  const status = new Ints(NUMBERS);
  const promise = new NativePromise<"ok" | "timed-out">((resolve) => {
    ports.leave(own, (message) => {
      if (!message) return;
      status[RESULT] = message.open() as number;
      resolve("ok");
    });
    if (timeout === undefined) return;
    const { setTimeout } = realm.requireBuiltin<{ setTimeout: SetTimeout }>("timers");
    setTimeout(() => resolve("timed-out"), timeout).unref();
  });
  return { memory: ports.attach(far), status, promise };
}

/** The list of what is transferred, with the port of the answer. */
export function withAnswer(transferList: unknown, port: object): unknown {
  if (transferList !== undefined && !arrayIsArray(transferList)) return transferList;
  const list: unknown[] = [];
  for (let i = 0; transferList && i < transferList.length; i++) append(list, transferList[i]);
  append(list, port);
  return list;
}

/** Answers whoever sent the port. */
export function answer(realm: Realm, port: object, result: number): void {
  const { ports, context } = threadsOf(realm);
  const { end } = ports.state(port);
  if (end) ports.post(end, CloneMessage.pack(context, result, []));
  ports.close(port);
}
