/** Cipher suites up to TLS 1.2 with a pre-shared key, first and last of each range (IANA's registry, "_PSK_"). */
const RANGES: readonly (readonly [number, number])[] = [
  [0x002c, 0x002e],
  [0x008a, 0x0095],
  [0x00a8, 0x00b9],
  [0xc033, 0xc03b],
  [0xc064, 0xc06f],
  [0xc08e, 0xc093],
  [0xc094, 0xc09b],
  [0xc0a4, 0xc0ab],
  [0xccab, 0xccae],
  [0xd001, 0xd005],
];

export function hasPresharedKey(suite: number): boolean {
  for (let i = 0; i < RANGES.length; i++) {
    const { 0: first, 1: last } = RANGES[i] as readonly [number, number];
    if (suite >= first && suite <= last) return true;
  }
  return false;
}
