/**
 * A value of nested plain objects, lists, texts, numbers, dates and bytes in a flat list: its first element is JSON of a
 * `Node`, the rest are the byte arrays it names. Objects that occur twice stay one object.
 */
export type TreeNode =
  | null
  | boolean
  | number
  | string
  /** Nothing. */
  | readonly ["u"]
  /** Bytes: their place in the list. */
  | readonly ["b", number]
  /** Date: milliseconds. */
  | readonly ["d", number]
  | readonly ["l", ...TreeNode[]]
  /** Object: whether it has Object's prototype, then keys and values. */
  | readonly ["o", boolean, ...(string | TreeNode)[]]
  /** Error: message, then keys and values. */
  | readonly ["e", string, ...(string | TreeNode)[]]
  /** The object or list that came as the n-th. */
  | readonly ["r", number];
