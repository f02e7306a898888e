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

/** Archives of one certificate and its key, made with openssl for these tests. They are good for nothing else. */
export const ARCHIVES = (
  [
    [
      "AES, passphrase",
      "secret",
      `MIIEPAIBAzCCA/IGCSqGSIb3DQEHAaCCA+MEggPfMIID2zCCApIGCSqGSIb3DQEHBqCCAoMwggJ/AgEAMIICeAYJKoZIhvcNAQcBMFcGCSqGSI
b3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAigQ6qwH7Bs3gICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEP4y0CZ2cxT3zLXLE/WQh/aA
ggIQUW7nMauRd4AxP8Fv30i01QaoVbvaHq8H1+e2/NlchkuEgdlzgvHUfkuWBf3KB22flAHNzOfSVcXsc39H73yceDGKxNjqV6qDFp2JN+YNG3
2+yUZMhjfMig4t5N8c/qLBL2480KU8E381dJAPTBsZmbe2gbaWyVPMKS5dRwx8IeCaBW3tGO1bqi4g/Bjr0q56LDBcLSS30W0JpwHNaPBtLCnZ
YqeA0jiGiAH9W7ZZ5rzD9Vt4b1TkkAuXBdBGKr9AJVw23PSqviQSxrdhd1xbBZiTINqbClhOAbsOD5WQmnG/TLN9/Y0jlI6M//dvmg+HvwXPJp
3WNr2f0A7iB64RoH22t3kVSzCcafWqjQAqs+Y/FCz6bYWXrTwZXJVyIGed9Vrgg9i7CHOUZ/ha2Qs+nlvOgt4UtJVvWdclwCwN6ietInq5w0lI
ZxpvYJUjfjEKaAS6OIEkdAhSL7bGeFkLhQnLxm3MpNWnOaf2agcP/qTEPC1Jjo2Un1uPg+/MLI8XcLKz9h8A6/3w0yPaqJVjkNmVxUWI/Rt5ZQ
jJWzRG8P6BjWaHMIGlFZnnBi8/rdw3uDmzSek49KnJXlqmiMuGMiN/bnmimAmxVgcO9MMlPFyUVIigCRAGDsg6fT4fbwL1dHfsMkL/biHjPx8Y
ACnNfBhGeThmg+eHzsLAclpFBWz0HL0xfNB/yTWVdH/sTIiWMIIBQQYJKoZIhvcNAQcBoIIBMgSCAS4wggEqMIIBJgYLKoZIhvcNAQwKAQKgge
8wgewwVwYJKoZIhvcNAQUNMEowKQYJKoZIhvcNAQUMMBwECBQp2mTJx9Z/AgIIADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQY+a6vwWR
Zt2FkLeJslXl0QSBkG9UDMdYkQI0gq2V1A76APmK3okup2D+wzh6EWg40EHX+112mUQ/Rc9w8f/MlTdf0uakshTbQkBA4cNqsv//UAnFcgYkV4
WfIlsk8tel2TCD8I38QHkLqVbP1qhpdD7SqREO8kAmqpZFs6ou+nk5VU88xqVT49OzS6uQi/yLkD9VtftTcBHiQDO0y/2m29w0wDElMCMGCSqG
SIb3DQEJFTEWBBSyHomRTnryuDsqKLcmCkUCl90b4DBBMDEwDQYJYIZIAWUDBAIBBQAEIO5U2Skzx6ujNbmCSLr8ZiEcNgAEn6C8IVvYvyPjnv
yLBAiIMtlFBSGGVQICCAA=`,
    ],
    [
      "triple DES, passphrase beyond ASCII",
      "s\u00e9cret",
      `MIIDsgIBAzCCA3gGCSqGSIb3DQEHAaCCA2kEggNlMIIDYTCCAlcGCSqGSIb3DQEHBqCCAkgwggJEAgEAMIICPQYJKoZIhvcNAQcBMBwGCiqGSI
b3DQEMAQMwDgQIAHKY3CExLeECAggAgIICEC1zTovRCRqh3IFs5PjjUWHBtGf+isJZ5d04Am2ATvTfW5tASymokXtL/xA0YyzXvKRWKf3bCuwc
nAZ+LPiHAqGlcDabY/NmpLM9dYN1b2f8sbMeCxK6mtQrAVpRqy4psnIUYyDaUlWkY3o1fHbeedqZRsrOwpSwnHX7zbJtSTeOnculV5IAtiZIso
d+RjmopWePcJNFdplu5g9pVflqjs3PliXWEnVidf5U0t+00e/YycTOYK809shiwdw7xpd8TDPlY8lnNNPhVLpXOCCrhlI3oReMuPoJMaty/9x5
rLkewjqjKFtpsahq7Norl4cpf/XSwuDcCRauUOMyGNij64pVMrrpGjWdE8WaBkj2R/3VwXmFhsXV/GXn+k0AIRpCqtPAUw1F6Emv0MsTPk08M3
plhkNBZ8CSjn1poOuslWhzRqubfoD4oeAtAMZo95q5iozxREFhjTOKvlaR9zqT0BmnBGw6pzyXxlXgBQfGLk1BJV8g8f7AVi/vD+gDf3738mmU
ZQhwCCfqEyOM3Xb4/u44VVzqQCQKLI4mBZCL1EUi/6HdEizecw6MlCQhFURe5NT+XKIsIgPF6iqOscxDD80/F40Y7tTJGXBhE5ITMRWPF5oQD3
ofp+GeL4QlCm+uC/BI/Lb3dW1/fdLg3i/Pl3d4XYCow/2qDe4spFiMfm1l+F5xxw1cTqZQ8oXRncDUjzCCAQIGCSqGSIb3DQEHAaCB9ASB8TCB
7jCB6wYLKoZIhvcNAQwKAQKggbQwgbEwHAYKKoZIhvcNAQwBAzAOBAjzZSvm90RFQQICCAAEgZA8PVjEQADAv/isVTFccHrKESymQNJSkjtbyF
NkSohE4OTgUvTHA3GguFDlNh1Bw1KmFYlu+0HjLJGoPjJzGm0Bso/Sb/HWhQDNLPIRnf8Wqv506W1jueChupXPSL0zuUhmdbJwxq1ZG4hWZIzg
PvtZNjZvwFCqynw4DZ2bAdbtrb7zKJ7ZdtbTlsgBWNb96WQxJTAjBgkqhkiG9w0BCRUxFgQUsh6JkU568rg7Kii3JgpFApfdG+AwMTAhMAkGBS
sOAwIaBQAEFCJd/xtSCuZzjPH0cOLuu2mnHb2gBAicFBM5s+gxjQICCAA=`,
    ],
    [
      "two-key DES, no passphrase",
      "",
      `MIIDsgIBAzCCA3gGCSqGSIb3DQEHAaCCA2kEggNlMIIDYTCCAlcGCSqGSIb3DQEHBqCCAkgwggJEAgEAMIICPQYJKoZIhvcNAQcBMBwGCiqGSI
b3DQEMAQQwDgQIATkXvtaR0tACAggAgIICEIUFV+UMXHS8Kqaqp9aDgvxTjdNDd/HDjGV7CqdqHO/DaBIBBBk7OzcGdUTI1Xap87/8bd+rJVgG
cAtxe+yJOszWcJ7KjhzAdTF+mqBJ7nbvflJJpdoe6W0JEICsNGICJijiFh8GymSFqXM2EQoxGrHOiw9vyDIZA0GesmDAJjgMNdY8UiM+XQ2x6N
slaZMdfv7MOaaSN+Aylfc2JlPRoJOpMQNgYqm0a+bSCpYdx02B9ZHC4ouB+mFjUFIudnwfyvUHcSLyqThP1BoA+lyJ1pRQ9RMFG3D0o+RISaKW
x+4yOaNExCyQINxkSiHY1y9F2wx8KuS2X/cl0tC0J3JD76HoyAliCwDDF7qwfBHz6rJj+n+RuRVnHAu49QBDtZ3kTMKhU/HjHReFZaVMN2q3Qu
+LNdxgX3zyD7yN89pafeBPQZ0tLGWs821akG5Ej9dK3dXtC5P4Ipv+s789FauwcGiesN3Aq9ra0yCzdox3oq5hkPbLYPj0mZeh/AM00URCQQkr
fFl8YeKtS8OL0lXA9ebWYUbE48DeJERF0m+ALDAO3nK0hcmSsQYnFIP85zldzbGY/0n9h1kJdMx+7JPq4veT/ohW9buN9cvwIj6DOkzIvCG0fy
scY7tWQUatCHj+oIpcolkXepA4CsVcCwIolSe1obVsLw2PqWhSEM28FNhnsEA5YrJBG4UOyc7egyc6zDCCAQIGCSqGSIb3DQEHAaCB9ASB8TCB
7jCB6wYLKoZIhvcNAQwKAQKggbQwgbEwHAYKKoZIhvcNAQwBBDAOBAhMITN47CRXkQICCAAEgZC/ctYNV3TjZyJohk42c/pNSpiguQQh+p9Dd0
oLkg7bo28qfQ7BAl9SbvuKt8zdZw0vSlpY7WnYPl1n/H0EpEvz6iV9INZrXI9luBWaucO4fkzI8QgPOBPmKDLSbrj+2KhTgrA57ZcOEEcoKStq
6mMltYLY/hQtGgPzR5zpog7Xxp1jhVeaGXJQRzkRX+RWRWAxJTAjBgkqhkiG9w0BCRUxFgQUsh6JkU568rg7Kii3JgpFApfdG+AwMTAhMAkGBS
sOAwIaBQAEFA8w88uch/S7AHcmzAlNR2S7WPPoBAjRplgV5XtyWgICCAA=`,
    ],
  ] as const
).map(([what, passphrase, base64]) => ({
  what,
  passphrase,
  data: new Uint8Array(Buffer.from(base64, "base64")),
})) as [Archive, Archive, Archive];

interface Archive {
  readonly what: string;
  readonly passphrase: string;
  readonly data: Uint8Array;
}

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
