import { decodeWire, encodeWire } from "../../contract/wire.ts";
import { arrayIsArray } from "../primordials.ts";
import type { Realm } from "../realm.ts";

/** What one thread can ask another one about itself. */
export const Figure = { heapStatistics: "heapStatistics", cpuUsage: "cpuUsage" } as const;

const MAX_BYTES = 4096;

export const askFor = (figure: string): Uint8Array => encodeWire(figure, MAX_BYTES);

/** The numbers another thread asked for; none where it asked for something else. */
export function figures(realm: Realm, question: Uint8Array): Uint8Array {
  let figure: unknown;
  try {
    figure = decodeWire(question, { limit: MAX_BYTES });
  } catch {
    // Answered below, with nothing.
  }
  const { heapStatistics, cpuUsage } = realm.sys.process;
  const numbers = figure === Figure.heapStatistics ? heapStatistics() : figure === Figure.cpuUsage ? cpuUsage() : [];
  return encodeWire(numbers, MAX_BYTES);
}

/** The numbers of an answer, as many as it has. */
export function numbersOf(answer: Uint8Array): readonly unknown[] {
  try {
    const value = decodeWire(answer, { limit: MAX_BYTES });
    return arrayIsArray(value) ? value : [];
  } catch {
    return [];
  }
}
