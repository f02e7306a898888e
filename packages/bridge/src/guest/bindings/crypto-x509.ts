import type { Realm } from "../realm.ts";

/** A handle of a certificate. */
export const makeX509 = (_realm: Realm, _der: Uint8Array): object => ({});
