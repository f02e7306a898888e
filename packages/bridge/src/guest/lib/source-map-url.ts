import { StringProto } from "../primordials.ts";

/** What a `//# <name>=` comment names; the last one counts, as in V8. */
function magicComment(source: string, name: string): string | undefined {
  const marker = `//# ${name}=`;
  const at = StringProto.lastIndexOf(source, marker);
  if (at < 0) return undefined;
  const rest = StringProto.slice(source, at + marker.length);
  const end = StringProto.search(rest, /[\s'"]/);
  return end < 0 ? rest : StringProto.slice(rest, 0, end);
}

/** The URL a `//# sourceMappingURL=` comment names. */
export const sourceMapUrl = (source: string): string | undefined => magicComment(source, "sourceMappingURL");

/** The name a script gives itself in a `//# sourceURL=` comment; V8 takes none with a blank in it. */
export function sourceUrl(source: string): string | undefined {
  const name = magicComment(source, "sourceURL");
  if (name === undefined) return undefined;
  const after = StringProto.slice(source, StringProto.lastIndexOf(source, "//# sourceURL=") + 14 + name.length);
  return StringProto.search(after, /^[^\S\n\r]*(?:[\n\r]|$)/) === 0 ? name : undefined;
}
