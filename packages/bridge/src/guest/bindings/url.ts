import { bindingError } from "../lib/binding-error.ts";
import { putOwn } from "../lib/define.ts";
import { implement } from "../lib/implement.ts";
import { ToString } from "../lib/intrinsics.ts";
import { NumberProto, StringProto } from "../primordials.ts";
import type { InstallBinding, Realm } from "../realm.ts";

/** `ada::scheme::type`, the last of the nine components. */
const Scheme = { notSpecial: 1, file: 6 } as const;
const COMPONENTS = 9;
const SCHEME_TYPE = 8;
const PROTOCOL_END = 0;
const HOST_START = 2;
const PATHNAME_START = 5;

function invalidUrl(input: string, base: string | undefined): Error {
  const error = bindingError("TypeError", "ERR_INVALID_URL", "Invalid URL");
  putOwn(error, "input", input);
  if (base !== undefined) putOwn(error, "base", base);
  return error;
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : ToString(value));

/** As `node::url::PathToFileURL` has it. */
const ESCAPED = '"#%?[]^|~';

/** What the URL parser must not read as syntax in a path, and whitespace it would drop. */
function escapePath(path: string, windows: boolean): string {
  let out = "";
  let from = 0;
  for (let i = 0; i < path.length; i++) {
    const code = StringProto.charCodeAt(path, i);
    const special = code <= 0x20 || StringProto.includes(windows ? ESCAPED : `\\${ESCAPED}`, path[i] as string);
    if (!special) continue;
    const hex = StringProto.toUpperCase(NumberProto.toString(code, 16));
    out += `${StringProto.slice(path, from, i)}%${code < 16 ? "0" : ""}${hex}`;
    from = i + 1;
  }
  return out + StringProto.slice(path, from);
}

function hostPart(text: string): string {
  for (let i = 0; i < text.length; i++) {
    if (StringProto.includes("/\\?#", text[i] as string)) return StringProto.slice(text, 0, i);
  }
  return text;
}

/** The components of the last URL a call of this binding parsed; the library reads them from `urlComponents`. */
class Parser {
  readonly #realm: Realm;
  readonly #components: Uint32Array;

  constructor(realm: Realm, components: Uint32Array) {
    this.#realm = realm;
    this.#components = components;
  }

  parse(input: string, base: string | undefined): string | undefined {
    return this.#take(this.#realm.sys.url.parse(input, base));
  }

  update(href: string, action: number, value: string): string | undefined {
    return this.#take(this.#realm.sys.url.update(href, action, value));
  }

  #take(answer: readonly unknown[]): string | undefined {
    if (answer.length === 0) return undefined;
    for (let i = 0; i < COMPONENTS; i++) this.#components[i] = answer[i + 1] as number;
    return answer[0] as string;
  }

  /** https://url.spec.whatwg.org/#concept-url-origin, serialized. */
  origin(input: string): string {
    const href = this.parse(input, undefined);
    if (href === undefined) throw invalidUrl(input, undefined);
    const components = this.#components;
    const protocolEnd = components[PROTOCOL_END] as number;
    const protocol = StringProto.slice(href, 0, protocolEnd);
    const pathStart = components[PATHNAME_START] as number;
    if (protocol === "blob:") {
      const inner = this.parse(StringProto.slice(href, pathStart), undefined);
      const http = inner !== undefined && StringProto.startsWith(inner, "http");
      return http ? this.origin(inner) : "null";
    }
    const scheme = components[SCHEME_TYPE] as number;
    if (scheme === Scheme.notSpecial || scheme === Scheme.file) return "null";
    const hostStart = components[HOST_START] as number;
    const host = StringProto.slice(href, href[hostStart] === "@" ? hostStart + 1 : hostStart, pathStart);
    return `${protocol}//${host}`;
  }
}

export const install: InstallBinding = (binding, realm) => {
  const parser = new Parser(realm, binding.urlComponents as Uint32Array);
  implement(binding, {
    parse(input: unknown, base: unknown, raise: boolean) {
      const text = textOf(input);
      const baseText = base === undefined ? undefined : textOf(base);
      const href = parser.parse(text, baseText);
      if (href === undefined && raise) throw invalidUrl(text, baseText);
      return href;
    },
    canParse: (input: unknown, base: unknown) =>
      realm.sys.url.parse(textOf(input), base === undefined ? undefined : textOf(base)).length > 0,
    update: (href: string, action: number, value: unknown) => parser.update(href, action, textOf(value)) ?? false,
    getOrigin: (input: unknown) => parser.origin(textOf(input)),
    format: (href: string, fragment: boolean, unicode: boolean, search: boolean, auth: boolean) =>
      realm.sys.url.format(href, fragment === true, unicode === true, search === true, auth === true),
    domainToASCII: (domain: string) => realm.sys.url.domainToASCII(domain),
    domainToUnicode: (domain: string) => realm.sys.url.domainToUnicode(domain),
    pathToFileURL(path: string, windows: boolean, hostname?: string) {
      const escaped = escapePath(path, windows);
      // A host ends where `set_hostname` of the parser ends it; what is left of `\\\\?\\` is none.
      const host = windows && hostname !== undefined ? hostPart(hostname) : "";
      const rooted = StringProto.startsWith(escaped, "/") || (windows && StringProto.startsWith(escaped, "\\"));
      const input = `file://${host}${rooted ? "" : "/"}${escaped}`;
      const href = parser.parse(input, undefined);
      if (href === undefined) throw invalidUrl(path, hostname);
      return href;
    },
  });
};
