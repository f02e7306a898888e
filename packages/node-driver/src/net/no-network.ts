import { type Outside, SyscallFailure } from "@vivarium/core/cell";

function fail(): never {
  throw new SyscallFailure("ENOSYS");
}

const rejects = async (): Promise<never> => fail();

/** For a driver without a network: what the permissions allow fails with ENOSYS. */
export const noNetwork: Outside = {
  lookup: rejects,
  reverse: rejects,
  connect: rejects,
  listen: fail,
  datagrams: { open: fail, listen: fail, dial: fail },
  resolver: { resolve: () => ({ records: rejects(), cancel() {} }) },
};
