import { domainToASCII, domainToUnicode } from "node:url";
import type { Handlers } from "@vivarium/core/cell";

/** `ada::scheme::type`; any other scheme is "not special". */
const SCHEME_TYPE: Readonly<Record<string, number>> = {
  "http:": 0,
  "https:": 2,
  "ws:": 3,
  "ftp:": 4,
  "wss:": 5,
  "file:": 6,
};
const NOT_SPECIAL = 1;
/** `ada::url_components::omitted` */
const OMITTED = 0xffffffff;

/** Setters in the order of `updateActions` of lib/internal/url.js; the last is href. */
const SETTERS = ["protocol", "host", "hostname", "port", "username", "password", "pathname", "search", "hash"] as const;
const HREF = 9;

/**
 * The nine numbers Node's library reads a URL by (`ada::url_components`): where in `href` its parts begin and end.
 * @see https://github.com/ada-url/ada/blob/main/include/ada/url_components.h
 */
function componentsOf(url: URL): readonly number[] {
  const { href, protocol } = url;
  const protocolEnd = protocol.length;
  const hash = href.indexOf("#");
  const beforeHash = hash === -1 ? href.length : hash;
  const query = href.indexOf("?");
  const search = query === -1 || query > beforeHash ? -1 : query;
  const pathEnd = search === -1 ? beforeHash : search;

  let usernameEnd = protocolEnd;
  let hostStart = protocolEnd;
  let hostEnd = protocolEnd;
  let pathname = protocolEnd;
  if (href.startsWith("//", protocolEnd)) {
    const authority = protocolEnd + 2;
    const slash = href.indexOf("/", authority);
    pathname = slash === -1 || slash > pathEnd ? pathEnd : slash;
    const at = href.slice(authority, pathname).lastIndexOf("@");
    const colon = href.slice(authority, authority + Math.max(at, 0)).indexOf(":");
    hostStart = at === -1 ? authority : authority + at;
    usernameEnd = colon === -1 ? hostStart : authority + colon;
    hostEnd = url.port === "" ? pathname : pathname - url.port.length - 1;
  } else if (href.startsWith("/.//", protocolEnd)) {
    // "/." keeps a path that begins with two slashes from looking like a host.
    pathname = protocolEnd + 2;
  }
  return [
    protocolEnd,
    usernameEnd,
    hostStart,
    hostEnd,
    url.port === "" ? OMITTED : Number(url.port),
    pathname,
    search === -1 ? OMITTED : search,
    hash === -1 ? OMITTED : hash,
    SCHEME_TYPE[protocol] ?? NOT_SPECIAL,
  ];
}

const answer = (url: URL | undefined): readonly (string | number)[] => (url ? [url.href, ...componentsOf(url)] : []);

function parse(input: string, base?: string): URL | undefined {
  try {
    return new URL(input, base);
  } catch {
    return undefined;
  }
}

/** The WHATWG URL parser for the guest, on the host's own `URL`. */
export const urlHandlers: Handlers<"url"> = {
  parse: (_grants, input, base) => answer(parse(input, base)),
  update(_grants, href, action, value) {
    if (action === HREF) return answer(parse(value));
    const url = parse(href);
    const setter = SETTERS[action];
    if (!url || !setter) return [];
    url[setter] = value;
    return answer(url);
  },
  domainToASCII: (_grants, domain) => domainToASCII(domain),
  domainToUnicode: (_grants, domain) => domainToUnicode(domain),
  format(_grants, href, fragment, unicode, search, auth) {
    const url = parse(href);
    if (!url) return href;
    if (!fragment) url.hash = "";
    if (!search) url.search = "";
    if (!auth) {
      url.username = "";
      url.password = "";
    }
    return unicode && url.hostname !== "" ? withUnicodeHost(url) : url.href;
  },
};

function withUnicodeHost(url: URL): string {
  const [, , hostStart = 0, hostEnd = 0] = componentsOf(url);
  const from = url.href[hostStart] === "@" ? hostStart + 1 : hostStart;
  return url.href.slice(0, from) + domainToUnicode(url.hostname) + url.href.slice(hostEnd);
}
