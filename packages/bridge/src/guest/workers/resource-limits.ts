import { Doubles } from "../lib/intrinsics.ts";
import { mathFloor } from "../primordials.ts";
import type { Realm } from "../realm.ts";

/** Indexes of a thread's limits (`ResourceLimits` of src/node_worker.h). */
const YOUNG = 0;
const OLD = 1;
const CODE = 2;
const STACK = 3;
const MiB = 1024 * 1024;
/** V8's own: three semispaces of 16 MiB. */
const YOUNG_MIB = 48;
/** Node's own for a thread. */
const STACK_MIB = 4;
/** `v8.getHeapStatistics().heap_size_limit` among the host's figures. */
const HEAP_SIZE_LIMIT = 5;

/** The limits a thread has, where those it was given say nothing (`Worker::UpdateResourceConstraints`). */
export function effectiveLimits(realm: Realm, given: ArrayLike<number>): Float64Array {
  const limits = new Doubles(4);
  for (let i = 0; i < 4; i++) limits[i] = given[i] as number;
  if (!((given[YOUNG] as number) > 0)) limits[YOUNG] = YOUNG_MIB;
  if (!((given[OLD] as number) > 0)) {
    limits[OLD] = mathFloor((realm.sys.process.heapStatistics()[HEAP_SIZE_LIMIT] as number) / MiB);
  }
  if (!((given[CODE] as number) > 0)) limits[CODE] = 0;
  if (!((given[STACK] as number) > 0)) limits[STACK] = STACK_MIB;
  return limits;
}
