import type { Handlers } from "@vivarium/core/cell";
import { adviseOnAddon } from "../overlay/addons.ts";
import { fail } from "./failure.ts";
import { onePlace, present } from "./handlers/access.ts";
import { readAll } from "./handlers/contents.ts";
import { O_RDONLY } from "./linux.ts";
import type { Node } from "./node.ts";
import type { Place } from "./place.ts";

const ADDON = ".node";
const FILE = 0;
const DIRECTORY = 1;
const NOTHING = -2;

const contents = (node: Node): Uint8Array => {
  if (node.kind === "directory") fail("EISDIR");
  const file = node.open(O_RDONLY);
  try {
    return readAll(file);
  } finally {
    file.close();
  }
};

const text = (node: Node): string => Buffer.from(contents(node)).toString("utf8");

function refuseAddon(path: string): void {
  if (!path.endsWith(ADDON)) return;
  const [name, alternative] = adviseOnAddon(path);
  const cure = alternative === "" ? "" : `; use ${alternative}`;
  const detail = `native add-ons cannot run in the sandbox: ${name}${cure}`;
  fail("ERR_SANDBOX_NATIVE_ADDON_UNSUPPORTED", { sandboxCode: "ERR_SANDBOX_NATIVE_ADDON_UNSUPPORTED", detail });
}

/** The loader's look at files. It sees what the guest could read; native add-ons it sees but does not get. */
export function moduleHandlers(): Handlers<"modules", Place> {
  return {
    stat(grants) {
      const { node } = onePlace(grants);
      if (node === undefined) return NOTHING;
      return node.kind === "directory" ? DIRECTORY : FILE;
    },
    readFile(grants, path) {
      const place = onePlace(grants);
      const node = present(place);
      refuseAddon(place.path);
      refuseAddon(path);
      return contents(node);
    },
    realpath(grants) {
      const place = onePlace(grants);
      present(place);
      return place.path;
    },
    readPackage(grants) {
      const { node } = onePlace(grants);
      return node?.kind === "file" ? text(node) : undefined;
    },
    addonAdvice: (_grants, path) => adviseOnAddon(path),
  };
}
