import { TlsEvent } from "@vivarium/bridge/contract";
import type { TlsHandlers } from "./handlers.ts";

/** A certificate and its key, made with openssl for these tests; they are good for nothing else and last until 2120. */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIICITCCAcegAwIBAgIBAjAKBggqhkjOPQQDAjAtMRcwFQYDVQQKDA52aXZhcml1
bSB0ZXN0czESMBAGA1UEAwwJdGVzdCByb290MCAXDTIwMDEwMTAwMDAwMFoYDzIx
MjAwMTAxMDAwMDAwWjAqMRcwFQYDVQQKDA52aXZhcml1bSB0ZXN0czEPMA0GA1UE
AwwGc2VydmVyMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEo+DTFSjh60koPwlQ
4Xedm5zJjrJocL38743QEyf9Moa44nhAtThsvD9Y+JUKo7z0WlRdogFFsErJ0wyp
tJOXTKOB2DCB1TAJBgNVHRMEAjAAMB0GA1UdDgQWBBRPV8XDws4xP6aDBlVPf8yI
QcyunzAfBgNVHSMEGDAWgBQQkNx0Betmbr46RS9DJ+zDPnapLTA8BgNVHREENTAz
gglsb2NhbGhvc3SCDiouZXhhbXBsZS50ZXN0hwR/AAABhxAAAAAAAAAAAAAAAAAA
AAABMDUGCCsGAQUFBwEBBCkwJzAlBggrBgEFBQcwAYYZaHR0cDovL29jc3AuZXhh
bXBsZS50ZXN0LzATBgNVHSUEDDAKBggrBgEFBQcDATAKBggqhkjOPQQDAgNIADBF
AiEA1dFth6fZQAyAAINq0bbGIBU3b0pYoNgLeR4jriU6KfACIEQ/eDmyGZTpPH+f
5ma+P8ypcLaxW1qbir1sP7uTYoFC
-----END CERTIFICATE-----
`;
export const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgvC/dICMTpkHP/Jt6
aYZHgo2B12TQWcInonZsO8+kXa+hRANCAASj4NMVKOHrSSg/CVDhd52bnMmOsmhw
vfzvjdATJ/0yhrjieEC1OGy8P1j4lQqjvPRaVF2iAUWwSsnTDKm0k5dM
-----END PRIVATE KEY-----
`;
export const AUTHORITY = `-----BEGIN CERTIFICATE-----
MIIBjTCCATOgAwIBAgIBATAKBggqhkjOPQQDAjAtMRcwFQYDVQQKDA52aXZhcml1
bSB0ZXN0czESMBAGA1UEAwwJdGVzdCByb290MCAXDTIwMDEwMTAwMDAwMFoYDzIx
MjAwMTAxMDAwMDAwWjAtMRcwFQYDVQQKDA52aXZhcml1bSB0ZXN0czESMBAGA1UE
AwwJdGVzdCByb290MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAELeie/fzOLt6y
ppT4S8FSoZBwJkIOp/ZzbJSwD3ULnm+DNa1MP6vWPOU91TmVEjwI/bWv4PRx0qc+
ilr7C36/KKNCMEAwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAQYwHQYD
VR0OBBYEFBCQ3HQF62ZuvjpFL0Mn7MM+dqktMAoGCCqGSM49BAMCA0gAMEUCIQDB
3PdBi5A9RwHfU6WFctWW1IzLpEKIUR5UqrckvO68WQIgOC2+HDQNuPcQG8yoZQxP
FBHVGpyoujda5ZyLAfyyeqs=
-----END CERTIFICATE-----
`;

const EVENT_VALUES = [1, 0, 0, 3, 2, 2, 1, 1, 1, 1, 0, 2, 1];

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The events of a step, one list each. */
export function eventsOf(flat: readonly unknown[]): unknown[][] {
  const events: unknown[][] = [];
  for (let at = 0; at < flat.length; ) {
    const end = at + 1 + (EVENT_VALUES[flat[at] as number] ?? 0);
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
