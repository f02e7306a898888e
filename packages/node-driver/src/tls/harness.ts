import { createRequire } from "node:module";
import { TLS_EVENT_VALUES, TlsEvent } from "@vivarium/bridge/contract";
import type { TlsHandlers } from "./handlers.ts";

interface Pair {
  readonly cert: string;
  readonly key: string;
}

const certificates: { readonly ca: Pick<Pair, "cert">; readonly server: Pair } = createRequire(import.meta.url)(
  "../../../../fixtures/certificates.cjs",
);
export const { cert: CERTIFICATE, key: KEY } = certificates.server;
export const { cert: AUTHORITY } = certificates.ca;

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The events of a step, one list each. */
export function eventsOf(flat: readonly unknown[]): unknown[][] {
  const events: unknown[][] = [];
  for (let at = 0; at < flat.length; ) {
    const end = at + 1 + (TLS_EVENT_VALUES[flat[at] as number] ?? 0);
    events.push(flat.slice(at, end));
    at = end;
  }
  return events;
}

const outputs = (flat: readonly unknown[]): Uint8Array[] =>
  eventsOf(flat).flatMap(([kind, data]) => (kind === TlsEvent.output ? [data as Uint8Array] : []));

/** A server and a client that have shaken hands, and what was told meanwhile. */
export function connected({ handlers }: TlsHandlers): { server: number; client: number; told: unknown[][] } {
  const context = handlers.contextOpen([], undefined, 0, 0);
  handlers.contextMaterial([], context, 0, bytes(CERTIFICATE));
  handlers.contextKey([], context, bytes(KEY), undefined);
  const server = handlers.open([], context, true);
  const client = handlers.open([], context, false);
  const told: unknown[][] = [];
  let flights = outputs(handlers.start([], client));
  for (let side = server; flights.length > 0; side = side === server ? client : server) {
    const answers = flights.map((data) => handlers.receive([], side, data));
    for (const answer of answers) told.push(...eventsOf(answer));
    flights = answers.flatMap(outputs);
  }
  return { server, client, told };
}
