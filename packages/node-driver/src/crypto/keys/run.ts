import type { DiffieHellman, DiffieHellmanGroup, ECDH, KeyObject, Sign, Verify } from "node:crypto";
import { MAX_KEY_STATES, MAX_KEYS } from "@vivarium/bridge/contract";
import { States } from "../states.ts";
import { Jobs } from "./jobs.ts";

/** What takes several calls: a signature over data in pieces, an exchange. */
export type KeyState =
  | { readonly kind: "sign"; readonly sign: Sign }
  | { readonly kind: "verify"; readonly verify: Verify }
  | { readonly kind: "dh"; readonly dh: DiffieHellman | DiffieHellmanGroup }
  | { readonly kind: "ecdh"; readonly ecdh: ECDH };

/** What the host keeps of the keys of one run. What a job brings after the run belongs to that run still. */
export interface KeyRun {
  readonly keys: States<KeyObject>;
  readonly states: States<KeyState>;
  readonly jobs: Jobs;
}

export const newKeyRun = (): KeyRun => ({
  keys: new States(MAX_KEYS, { plural: "keys are kept", cure: "let go of some KeyObjects" }),
  states: new States(MAX_KEY_STATES, { plural: "signatures and key exchanges are open", cure: "end some of them" }),
  jobs: new Jobs(),
});

/** The keys of the run under way. */
export type CurrentRun = () => KeyRun;
