import { RegExpProto, StringProto } from "../primordials.ts";
import { WIDE } from "./width-table.ts";

const ZERO = /^[\p{Cc}\p{Cf}\p{Me}\p{Mn}\p{Emoji_Modifier}]$/u;
const EMOJI = /^[\p{Emoji_Presentation}\p{Emoji_Modifier}]$/u;
const SOFT_HYPHEN = 0xad;
const JOINER = 0x200d;

function isWide(point: number): boolean {
  if (point < 0x1100) return false;
  let low = 0;
  let high = WIDE.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (point < (WIDE[middle * 2] as number)) high = middle - 1;
    else if (point > (WIDE[middle * 2 + 1] as number)) low = middle + 1;
    else return true;
  }
  return false;
}

const characterAt = (text: string, i: number, point: number): string =>
  StringProto.slice(text, i, i + (point > 0xffff ? 2 : 1));

/**
 * Columns a string takes on a terminal, as Node's ICU-based `getStringWidth` (src/node_i18n.cc) counts them.
 * @param expandEmoji counts every part of a joined emoji sequence
 */
export function stringWidth(text: string, expandEmoji = true): number {
  let width = 0;
  let previous = 0;
  for (let i = 0; i < text.length; ) {
    const point = StringProto.codePointAt(text, i) as number;
    const size = point > 0xffff ? 2 : 1;
    const joined = !expandEmoji && previous === JOINER && RegExpProto.exec(EMOJI, characterAt(text, i, point)) !== null;
    if (!joined) {
      if (isWide(point)) width += 2;
      else if (point === SOFT_HYPHEN || RegExpProto.exec(ZERO, characterAt(text, i, point)) === null) width += 1;
    }
    previous = point;
    i += size;
  }
  return width;
}
