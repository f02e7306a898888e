import { append } from "../lib/define.ts";
import { jsonParse, objectFreeze, objectSetPrototypeOf } from "../primordials.ts";
import type { ModuleRequest } from "./module-record.ts";

/** @param flat as the host gives them: specifier and attributes (JSON) of each */
export function readRequests(flat: readonly string[]): readonly ModuleRequest[] {
  const requests: ModuleRequest[] = [];
  for (let i = 0; i < flat.length; i += 2) {
    const attributes = objectSetPrototypeOf(jsonParse(flat[i + 1] as string) as object, null) as Record<string, string>;
    append(requests, { specifier: flat[i] as string, attributes });
  }
  return objectFreeze(requests);
}
