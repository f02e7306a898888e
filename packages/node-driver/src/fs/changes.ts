/**
 * Why a watcher hears something: the events of inotify(7) that libuv asks for, by what it makes of each
 * (`uv__inotify_read` of src/unix/linux.c). `renamed` and `changed` come from hosts that say no more than that.
 */
export const EVENTS = {
  create: "rename",
  delete: "rename",
  deleteSelf: "rename",
  ignored: "rename",
  movedFrom: "rename",
  movedTo: "rename",
  moveSelf: "rename",
  // libuv takes the bit that marks a directory for a reason of its own.
  directory: "rename",
  modify: "change",
  attributes: "change",
  renamed: "rename",
  changed: "change",
} as const;

export type Cause = keyof typeof EVENTS;

/** Hears of one change: in a watched directory with the name of the entry, without one for the watched thing itself. */
export type Listener = (cause: Cause, name?: string) => void;
