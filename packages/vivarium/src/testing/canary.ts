import { createSocket, type Socket } from "node:dgram";
import { createServer, type Server } from "node:net";

/** Listens where a guest must not reach, on one port of every address of the machine, over TCP and UDP. */
export class Canary {
  readonly #udp: Socket[] = [];
  readonly #tcp: Server[] = [];
  port = 0;
  /** Connections and datagrams that came. */
  alarms = 0;

  async listen(): Promise<void> {
    for (const [type, address] of [
      ["udp4", "0.0.0.0"],
      ["udp6", "::1"],
    ] as const) {
      const socket = createSocket({ type, reuseAddr: true });
      socket.on("message", () => {
        this.alarms += 1;
      });
      const { promise, resolve } = Promise.withResolvers<void>();
      socket.once("error", () => resolve());
      socket.bind(this.port, address, () => {
        this.port = socket.address().port;
        this.#udp.push(socket);
        resolve();
      });
      await promise;
    }
    const server = createServer((socket) => {
      this.alarms += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => {
      server.listen(this.port, "::", resolve);
    });
    this.#tcp.push(server);
  }

  /** It does hear what is sent to it. */
  async test(): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#udp[0]?.once("message", () => resolve());
    const socket = createSocket("udp4");
    socket.send("x", this.port, "127.0.0.1");
    await promise;
    socket.close();
    const heard = this.alarms;
    this.alarms = 0;
    return heard;
  }

  close(): void {
    for (const one of [...this.#udp, ...this.#tcp]) one.close();
  }
}
