export { give } from "../engine/given.ts";
export { SyscallFailure } from "../errors/failure.ts";
export type { Granted, Located } from "../permissions/granted.ts";
export { type GrantedAddress, grantedAddress, networkNeedOf } from "../permissions/network/need.ts";
export type { CellDriver, Handlers, Outside, OutsideConnection, OutsideEndpoint } from "../syscalls/driver.ts";
export type { OutsideDatagrams, OutsideSocket, Received } from "../syscalls/outside-datagrams.ts";
export type { HostRecord, HostRecords, OutsideResolver } from "../syscalls/outside-resolver.ts";
export type { CellStream, Lessee, OpenLease, StreamSink } from "./cell-stream.ts";
export { type MakeDriver, runCell } from "./main.ts";
