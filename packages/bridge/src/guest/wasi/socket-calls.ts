/** Sockets. A program is given none, so what is left is to say so in the right order. */
import { call, type WasiCalls } from "./call.ts";
import type { DescriptorTable } from "./descriptors.ts";
import { fail } from "./errno.ts";
import { Buffers } from "./memory.ts";
import { SOCKET } from "./rights.ts";

/** `fdflags`: the only one an accepted connection may have. */
const NONBLOCK = 4;
/** `sdflags`: the only end that is shut down alone. */
const WRITES = 2;

/** @throws EBADF, ENOTCAPABLE, and ENOTSOCK for the pipe it then is */
function refuse(table: DescriptorTable, id: number): never {
  table.get(id, SOCKET);
  return fail("ENOTSOCK");
}

export const socketCalls: WasiCalls = {
  sock_accept: call(["i", "i", "i"], ({ table }, _memory, socket, flags, _at) => {
    if ((flags & 0xffff & ~NONBLOCK) !== 0) fail("ENOTSUP");
    refuse(table, socket);
  }),
  sock_recv: call(["i", "i", "i", "i", "i", "i"], ({ table }, memory, socket, list, count, flags, size, outFlags) => {
    const buffers = new Buffers(memory, list, count);
    memory.check(size, 4);
    memory.check(outFlags, 4);
    if (buffers.checkEach().count === 0) fail("EINVAL");
    if ((flags & 0xffff) !== 0) fail("ENOTSUP");
    refuse(table, socket);
  }),
  sock_send: call(["i", "i", "i", "i", "i"], ({ table }, memory, socket, list, count, flags, size) => {
    const buffers = new Buffers(memory, list, count);
    memory.check(size, 4);
    if (buffers.checkEach().count === 0 || (flags & 0xffff) !== 0) fail("EINVAL");
    refuse(table, socket);
  }),
  sock_shutdown: call(["i", "i"], ({ table }, _memory, socket, how) => {
    if ((how & 0xff & ~WRITES) !== 0) fail("ENOTSUP");
    refuse(table, socket);
  }),
};
