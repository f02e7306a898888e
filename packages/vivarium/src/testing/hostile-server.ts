import { type AddressInfo, createServer, type Socket } from "node:net";

/** A server of the host's at 127.0.0.1 that speaks whatever it likes, for guests that are allowed to reach it. */
export interface HostileServer extends AsyncDisposable {
  readonly port: number;
  /** Connections so far, and the most there were at once. */
  readonly seen: { all: number; now: number; most: number };
  /** What came, of all connections. */
  readonly received: () => string;
  /** Bytes the system or this process took to send. */
  readonly sent: () => number;
}

/** @param speak is called for each connection once its first bytes have come, or at once where `early` says so */
export async function hostileServer(speak: (socket: Socket) => void, early = false): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  const seen = { all: 0, now: 0, most: 0 };
  let received = "";
  let sent = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    seen.all += 1;
    seen.now += 1;
    seen.most = Math.max(seen.most, seen.now);
    socket.on("error", () => undefined);
    socket.on("close", () => {
      sockets.delete(socket);
      seen.now -= 1;
      sent += socket.bytesWritten;
    });
    socket.on("data", (data) => {
      if (received.length < 2 ** 20) received += data.toString("latin1");
    });
    if (early) speak(socket);
    else socket.once("data", () => speak(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    seen,
    received: () => received,
    sent: () => [...sockets].reduce((bytes, socket) => bytes + socket.bytesWritten, sent),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Sends a piece again and again, for as long as somebody takes it. */
export function flood(socket: Socket, piece: Uint8Array | string): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on("drain", more);
  more();
}

/** Sends a piece now and then. @param ms between two */
export function drip(socket: Socket, piece: string, ms: number): void {
  const timer = setInterval(() => socket.write(piece), ms);
  socket.on("close", () => clearInterval(timer));
}
