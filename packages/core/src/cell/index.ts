export { SyscallFailure } from "../errors/failure.ts";
export type { Granted, Located } from "../permissions/granted.ts";
export type { CellDriver, Handlers } from "../syscalls/driver.ts";
export { type MakeDriver, runCell } from "./main.ts";
