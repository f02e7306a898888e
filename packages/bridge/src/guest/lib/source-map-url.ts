import { StringProto } from "../primordials.ts";

const MARKER = "//# sourceMappingURL=";

/** The URL a `//# sourceMappingURL=` comment names; the last one counts, as in V8. */
export function sourceMapUrl(source: string): string | undefined {
  const at = StringProto.lastIndexOf(source, MARKER);
  if (at < 0) return undefined;
  const rest = StringProto.slice(source, at + MARKER.length);
  const end = StringProto.search(rest, /[\s'"]/);
  return end < 0 ? rest : StringProto.slice(rest, 0, end);
}
