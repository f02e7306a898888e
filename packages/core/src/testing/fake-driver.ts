import { fileURLToPath } from "node:url";
import { type Permissions, splitPermissions } from "../permissions/index.ts";
import { type Driver, driverMark } from "../runtime/driver.ts";
import { resolveProcessInfo } from "../runtime/options.ts";
import type { FakeStep } from "./fake-cell.ts";

export const FAKE_CELL: string = fileURLToPath(new URL("./fake-cell.ts", import.meta.url));

/** A driver whose cells are fake ones. */
export const fakeDriver = (permissions: Permissions = {}, env: Record<string, string> = {}): Driver => ({
  [driverMark]: true,
  cellEntry: FAKE_CELL,
  permissions: splitPermissions(permissions),
  env,
  process: resolveProcessInfo(undefined),
  os: undefined,
  open: async () => ({ spec: { fake: true }, async [Symbol.asyncDispose]() {} }),
});

/** A fake cell's program. */
export const step = (value: FakeStep): string => JSON.stringify(value);
