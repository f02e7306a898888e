/**
 * What the cell may ask of a guest: the one entry's first argument. `leave` is asked of the copy that stands in a new
 * context of `vm`: to take back what it changed there. `failed` tells of the evaluation of a module graph: its root, a copy
 * of what was thrown.
 */
export const Operation = {
  attach: 0,
  start: 1,
  turn: 2,
  event: 3,
  rejected: 4,
  beforeExit: 5,
  exit: 6,
  leave: 7,
  /** So many items are in the mailbox. */
  arrivals: 8,
  failed: 9,
} as const;

/** What the entry answers: call `turn` again at once, wait for the next event, or nothing is left. Above 0: milliseconds. */
export const Turn = { again: 0, idle: -1, done: -2 } as const;
