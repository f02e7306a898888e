import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { type Duplex, Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";

/** Answers without a body, whatever their headers say (RFC 9110, section 6.4.1). */
const BODILESS = new Set([204, 205, 304]);

type ResponseBody = NonNullable<ConstructorParameters<typeof Response>[0]>;

const headersOf = ({ rawHeaders }: IncomingMessage): Headers => {
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i] as string, rawHeaders[i + 1] as string);
  return headers;
};

function responseOf(answer: IncomingMessage, method: string): Response {
  const { statusCode: status = 0, statusMessage: statusText = "" } = answer;
  const isBodiless = BODILESS.has(status) || method === "HEAD";
  // The types of the global streams and of node:stream/web describe the same classes.
  const body = isBodiless ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array> as unknown as ResponseBody);
  if (isBodiless) answer.resume();
  return new Response(body, { status, statusText, headers: headersOf(answer) });
}

function send(request: Request, outgoing: ClientRequest): void {
  if (request.body === null) {
    outgoing.end();
    return;
  }
  const body = Readable.fromWeb(request.body as unknown as ReadableStream<Uint8Array>);
  body.on("error", (error) => outgoing.destroy(error));
  body.pipe(outgoing);
}

/**
 * Asks an HTTP/1.1 server at the other end of a connection. Headers and body are as the server sends them, the body
 * streams: redirects are not followed, nothing is decompressed, no cookie is kept.
 * @throws what broke the connection, or the request signal's reason
 */
export function fetchOver(connection: Duplex, request: Request): Promise<Response> {
  const { method, signal } = request;
  const url = new URL(request.url);
  const headers = Object.fromEntries(request.headers);
  headers["host"] ??= url.host;
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({
      createConnection: () => connection,
      method,
      path: url.pathname + url.search,
      headers,
      signal,
    });
    outgoing.on("error", (error) => {
      connection.destroy();
      reject(signal.aborted ? signal.reason : error);
    });
    outgoing.on("response", (answer) => {
      answer.on("close", () => connection.destroy());
      resolve(responseOf(answer, method));
    });
    send(request, outgoing);
  });
}
