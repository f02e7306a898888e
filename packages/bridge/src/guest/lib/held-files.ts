import { SafeMap } from "../primordials.ts";

/** A file that something of ours goes on using, as a duplicate of its descriptor would. */
interface Hold {
  count: number;
  /** The program has closed it. */
  isClosed: boolean;
}

const holds = new SafeMap<number, Hold>();

/** Keeps a file open past a `close` of the program's. */
export function holdFile(fd: number): void {
  const hold = holds.get(fd) ?? { count: 0, isClosed: false };
  hold.count += 1;
  holds.set(fd, hold);
}

/** -> whether the file is to be closed now */
export function releaseFile(fd: number): boolean {
  const hold = holds.get(fd);
  if (hold === undefined) return false;
  hold.count -= 1;
  if (hold.count > 0) return false;
  holds.delete(fd);
  return hold.isClosed;
}

/** The program closes a file. -> whether that has to wait */
export function closesLater(fd: number): boolean {
  const hold = holds.get(fd);
  if (hold === undefined || hold.isClosed) return false;
  hold.isClosed = true;
  return true;
}
