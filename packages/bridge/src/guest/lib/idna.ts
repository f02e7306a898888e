import { StringProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";

const isAscii = (text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (StringProto.charCodeAt(text, i) > 0x7f) return false;
  return true;
};

/** Goes through a name label by label; what `convert` cannot read makes the whole name empty. */
function eachLabel(name: string, convert: (label: string) => string): string {
  const labels = StringProto.split(name, ".");
  let out = "";
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as string;
    const converted = label === "" ? "" : convert(label);
    if (label !== "" && converted === "") return "";
    out += i === 0 ? converted : `.${converted}`;
  }
  return out;
}

/**
 * `ada::idna::to_ascii`: unlike `url.domainToASCII` it leaves labels alone that are ASCII already, whether or not a host
 * may be called so.
 */
export const idnaToAscii = (realm: Realm, name: string): string =>
  eachLabel(name, (label) => {
    const lower = StringProto.toLowerCase(label);
    return isAscii(label) && !StringProto.startsWith(lower, "xn--") ? lower : realm.sys.url.domainToASCII(label);
  });

/** `ada::idna::to_unicode`: only labels in Punycode change. */
export const idnaToUnicode = (realm: Realm, name: string): string =>
  eachLabel(name, (label) =>
    isAscii(label) && StringProto.startsWith(StringProto.toLowerCase(label), "xn--")
      ? realm.sys.url.domainToUnicode(label)
      : label,
  );
