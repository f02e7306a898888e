import { SyscallError } from "../client.ts";
import { objectCreate } from "../primordials.ts";

/** Errors of wasi_snapshot_preview1, each at the place its number says. */
const NAMES = [
  "ESUCCESS",
  "E2BIG",
  "EACCES",
  "EADDRINUSE",
  "EADDRNOTAVAIL",
  "EAFNOSUPPORT",
  "EAGAIN",
  "EALREADY",
  "EBADF",
  "EBADMSG",
  "EBUSY",
  "ECANCELED",
  "ECHILD",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EDEADLK",
  "EDESTADDRREQ",
  "EDOM",
  "EDQUOT",
  "EEXIST",
  "EFAULT",
  "EFBIG",
  "EHOSTUNREACH",
  "EIDRM",
  "EILSEQ",
  "EINPROGRESS",
  "EINTR",
  "EINVAL",
  "EIO",
  "EISCONN",
  "EISDIR",
  "ELOOP",
  "EMFILE",
  "EMLINK",
  "EMSGSIZE",
  "EMULTIHOP",
  "ENAMETOOLONG",
  "ENETDOWN",
  "ENETRESET",
  "ENETUNREACH",
  "ENFILE",
  "ENOBUFS",
  "ENODEV",
  "ENOENT",
  "ENOEXEC",
  "ENOLCK",
  "ENOLINK",
  "ENOMEM",
  "ENOMSG",
  "ENOPROTOOPT",
  "ENOSPC",
  "ENOSYS",
  "ENOTCONN",
  "ENOTDIR",
  "ENOTEMPTY",
  "ENOTRECOVERABLE",
  "ENOTSOCK",
  "ENOTSUP",
  "ENOTTY",
  "ENXIO",
  "EOVERFLOW",
  "EOWNERDEAD",
  "EPERM",
  "EPIPE",
  "EPROTO",
  "EPROTONOSUPPORT",
  "EPROTOTYPE",
  "ERANGE",
  "EROFS",
  "ESPIPE",
  "ESRCH",
  "ESTALE",
  "ETIMEDOUT",
  "ETXTBSY",
  "EXDEV",
  "ENOTCAPABLE",
] as const;

export type ErrnoName = (typeof NAMES)[number];

const NUMBERS = objectCreate(null) as Record<string, number | undefined>;
for (let i = 0; i < NAMES.length; i++) NUMBERS[NAMES[i] as string] = i;

export const SUCCESS = 0;

/** The number of an error; ENOSYS for one WASI has none for, as in uvwasi. */
export const errnoNumber = (name: string): number => NUMBERS[name] ?? (NUMBERS["ENOSYS"] as number);

/** Ends a call with an error. Its text is the name of the system's error, as a failed syscall's is. */
export function fail(name: ErrnoName): never {
  throw new SyscallError(name, undefined, undefined);
}
