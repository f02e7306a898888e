import { SyscallError } from "../client.ts";
import { MAX_STRING_LENGTH, stringTooLong } from "../lib/binding-error.ts";
import { asOne } from "../lib/bytes.ts";
import { utf8Decode, utf8Encode } from "../lib/utf8.ts";
import { ArrayProto } from "../primordials.ts";
import { descriptor } from "./fs-arguments.ts";
import type { Call } from "./fs-call.ts";
import { STEP } from "./fs-descriptors.ts";
import { refuse, StepFailure } from "./fs-error.ts";
import { closeFile, type IoParts, openFile } from "./fs-io.ts";
import { absolute, type PathLike, pathText } from "./fs-path.ts";
import { isStreamName } from "./fs-stdio.ts";

const O_RDONLY = 0;
const DEFAULT_MODE = 0o666;

/** Failures that come after the file was opened: Node's error then names the step and no path. */
const READ_FAILURES = ["EISDIR", "EIO", "EBADF"];
const WRITE_FAILURES = ["ENOSPC", "EDQUOT", "EFBIG", "EIO", "EBADF"];

/** Runs one step of an operation; its failure names that step. */
function step<T>(syscall: string, path: string | undefined, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof SyscallError ? new StepFailure(error, { syscall, path }) : error;
  }
}

/** The same for a syscall that opens and then reads or writes: the code tells which of the two failed. */
function steps<T>(second: string, codes: readonly string[], path: PathLike, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    const late = ArrayProto.includes(codes, error.code);
    throw new StepFailure(error, late ? { syscall: second } : { syscall: "open", path: pathText(path) });
  }
}

const isDescriptor = (target: unknown): target is number => typeof target === "number";

/** Reads from a descriptor's own position to the end. */
function readToEnd({ descriptors }: IoParts, fd: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const bytes = step("read", undefined, () => descriptors.readOnce(fd, STEP, -1));
    if (bytes.length === 0) return asOne(parts);
    ArrayProto.push(parts, bytes);
    total += bytes.length;
    if (total > MAX_STRING_LENGTH) refuse(stringTooLong());
  }
}

/** Writes everything at a descriptor's own position. */
function writeToEnd({ descriptors }: IoParts, fd: number, bytes: Uint8Array): void {
  let done = 0;
  do {
    const at = done;
    done += step("write", undefined, () => descriptors.write(fd, bytes, at, bytes.length - at, -1));
  } while (done < bytes.length);
}

/** Opens, uses and closes a file. */
function withFile<T>(parts: IoParts, path: PathLike, flags: number, mode: number, use: (fd: number) => T): T {
  const fd = step("open", pathText(path), () => openFile(parts.realm, path, flags, mode));
  try {
    return use(fd);
  } finally {
    closeFile(parts, fd);
  }
}

function readPath(parts: IoParts, path: PathLike, flags: number): Uint8Array {
  if (flags === O_RDONLY && !isStreamName(absolute(parts.realm, path))) {
    try {
      const { realm } = parts;
      return steps("read", READ_FAILURES, path, () => realm.sys.fs.readFile(absolute(realm, path), flags));
    } catch (error) {
      // Too large for one payload: read in pieces.
      if (!(error instanceof StepFailure) || error.cause.code !== "EFBIG") throw error;
    }
  }
  return withFile(parts, path, flags, DEFAULT_MODE, (fd) => readToEnd(parts, fd));
}

function writePath(parts: IoParts, path: PathLike, bytes: Uint8Array, flags: number, mode: number): void {
  if (bytes.length > STEP) {
    withFile(parts, path, flags, mode, (fd) => writeToEnd(parts, fd, bytes));
    return;
  }
  const { realm } = parts;
  steps("write", WRITE_FAILURES, path, () =>
    realm.sys.fs.writeFile(absolute(realm, path), bytes, flags, mode & ~realm.umask),
  );
}

/** readFileUtf8 and writeFileUtf8: whole files as text, synchronous only. */
export function wholeCalls(parts: IoParts): Record<string, Call> {
  const { realm } = parts;
  return {
    readFileUtf8: {
      syscall: "open",
      request: 2,
      run(target: PathLike | number, flags: number) {
        const bytes = isDescriptor(target)
          ? readToEnd(parts, descriptor(realm, target))
          : readPath(parts, target, flags);
        return utf8Decode(bytes, 0, bytes.length);
      },
    },
    writeFileUtf8: {
      syscall: "open",
      request: 4,
      run(target: PathLike | number, text: string, flags: number, mode: number) {
        const bytes = utf8Encode(text);
        if (isDescriptor(target)) writeToEnd(parts, descriptor(realm, target), bytes);
        else writePath(parts, target, bytes, flags, mode);
      },
    },
  };
}
