// The numbers the guest sees, whatever the host: <fcntl.h>, <sys/stat.h> and uv.h as on Linux x64.
export const O_ACCMODE = 3;
export const O_RDONLY = 0;
export const O_WRONLY = 1;
export const O_RDWR = 2;
export const O_CREAT = 0o100;
export const O_EXCL = 0o200;
export const O_TRUNC = 0o1000;
export const O_APPEND = 0o2000;
export const O_DSYNC = 0o10000;
export const O_DIRECTORY = 0o200000;
export const O_NOFOLLOW = 0o400000;
export const O_PATH = 0o10000000;
export const O_SYNC = 0o4010000;
/** The bit that makes O_TMPFILE more than O_DIRECTORY. */
export const O_TMPFILE_BIT = 0o20000000;

export const S_IFMT = 0o170000;
export const S_IFREG = 0o100000;
export const S_IFDIR = 0o040000;
export const S_IFLNK = 0o120000;
export const S_IFSOCK = 0o140000;
export const S_IFCHR = 0o020000;

export const DIRENT_UNKNOWN = 0;
export const DIRENT_FILE = 1;
export const DIRENT_DIR = 2;
export const DIRENT_LINK = 3;
export const DIRENT_FIFO = 4;
export const DIRENT_SOCKET = 5;
export const DIRENT_CHAR = 6;
export const DIRENT_BLOCK = 7;

export const W_OK = 2;
export const COPYFILE_EXCL = 1;
export const COPYFILE_FICLONE_FORCE = 4;

/** Longest name of one path component, bytes (NAME_MAX). */
export const NAME_MAX = 255;
/** Longest text of a symbolic link, bytes (PATH_MAX without its end). */
export const LINK_MAX = 4095;
/** Symbolic links followed in one look-up before ELOOP. */
export const MAX_LINKS = 40;
/** What a new file's mode loses, as under a usual shell. */
export const UMASK = 0o022;
export const BLOCK_SIZE = 4096;
/** `statfs` type of a memory mount (TMPFS_MAGIC). */
export const TMPFS_MAGIC = 0x01021994;

/** Whether these open flags ask to read, to write. */
export const reads = (flags: number): boolean => (flags & O_ACCMODE) !== O_WRONLY;
export const writes = (flags: number): boolean => (flags & O_ACCMODE) !== O_RDONLY;
