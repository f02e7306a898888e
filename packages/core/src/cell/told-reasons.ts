import { GuestIsolate } from "../engine/isolate.ts";

const BOUNDARY = "\n    at (<isolated-vm boundary>)";
/** The folder of this file and its neighbours as it is named in stacks, which depends on how they were bundled. */
const HERE = /([^\s(]+[/\\])[^/\\]+:\d+:\d+\)?$/m.exec(new Error().stack ?? "")?.[1] ?? "";
/** What isolated-vm says instead of a reason that does not look like an error. */
const NO_ERROR = "An object was thrown from supplied code within isolated-vm";

/** The stack an error had in the guest; nothing for what came without one, and got one where it was copied: here. */
function guestStack({ stack }: Error): string | undefined {
  const text = `${stack}`;
  const end = text.indexOf(BOUNDARY);
  const own = end < 0 ? text : text.slice(0, end);
  return own.includes(HERE) ? undefined : own;
}

/** A rejection's reason as isolated-vm copied it, without the host's frames; an empty object for one it did not copy. */
export function copyOf(reason: unknown): unknown {
  if (typeof reason !== "object" || reason === null) return reason;
  if (!(reason instanceof Error)) return GuestIsolate.copy({});
  const stack = guestStack(reason);
  if (stack === undefined && reason.message.startsWith(NO_ERROR)) return GuestIsolate.copy({});
  reason.stack = stack ?? `${reason.name}: ${reason.message}`;
  return GuestIsolate.copy(reason);
}

/** Whether two reasons as isolated-vm copied them may be of one: it tells no more of it than this. */
export function mayBeSame(one: unknown, other: unknown): boolean {
  if (!(one instanceof Error && other instanceof Error)) return Object.is(one, other);
  return one.name === other.name && one.message === other.message && guestStack(one) === guestStack(other);
}
