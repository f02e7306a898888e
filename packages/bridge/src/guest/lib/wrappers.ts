import { append } from "./define.ts";
import { isHostObject } from "./host-objects.ts";

type Test = (object: object) => boolean;

const tests: Test[] = [isHostObject];

/** Says how to know the objects of a binding's class. */
export const tellWrappers = (test: Test): void => void append(tests, test);

/**
 * Whether an object stands for one of Node's C++ objects (`BaseObject`): V8 sees internal fields on it and leaves it to
 * the serializer's user.
 */
export function isWrapper(object: object): boolean {
  for (let i = 0; i < tests.length; i++) if ((tests[i] as Test)(object)) return true;
  return false;
}
