import type { Command, PipeOp } from "../../channel/messages.ts";
import type { BytePipe } from "./byte-pipe.ts";

/** The parent's end of a pipe. */
interface End {
  readonly incoming: BytePipe;
  readonly outgoing: BytePipe;
  ended: boolean;
}

/** Ends one process may hold. */
const MAX_PIPES = 1024;

type Send = (command: Command, body?: Uint8Array) => void;

/** The ends of pipes to its children that one process holds, by the numbers its cell knows them by. */
export class ParentPipes {
  readonly #send: Send;
  readonly #ends = new Map<number, End>();
  #last = 0;

  /** Whether the process may have this many more. */
  hasRoom(count: number): boolean {
    return this.#ends.size + count <= MAX_PIPES;
  }

  constructor(send: Send) {
    this.#send = send;
  }

  /** -> its number */
  add(incoming: BytePipe, outgoing: BytePipe): number {
    this.#last += 1;
    this.#ends.set(this.#last, { incoming, outgoing, ended: false });
    return this.#last;
  }

  /** One step the process takes on one of its ends. */
  step(pipe: number, op: PipeOp, data: Uint8Array): void {
    const end = this.#ends.get(pipe);
    if (end === undefined) return;
    switch (op) {
      case "read":
        void this.#read(pipe, end);
        break;
      case "write":
        void this.#write(pipe, end, data);
        break;
      case "shutdown":
        if (!end.ended) end.outgoing.release("write");
        end.ended = true;
        this.#send({ type: "written", pipe, ok: true });
        break;
      case "close":
        this.#close(pipe, end);
    }
  }

  closeAll(): void {
    for (const [pipe, end] of [...this.#ends]) this.#close(pipe, end);
  }

  async #read(pipe: number, end: End): Promise<void> {
    const data = await end.incoming.next();
    if (this.#ends.has(pipe)) this.#send({ type: "piped", pipe }, data);
  }

  async #write(pipe: number, end: End, data: Uint8Array): Promise<void> {
    const ok = end.outgoing.open && !end.ended;
    if (ok) await end.outgoing.write(data);
    if (this.#ends.has(pipe)) this.#send({ type: "written", pipe, ok });
  }

  #close(pipe: number, end: End): void {
    this.#ends.delete(pipe);
    end.incoming.release("read");
    if (!end.ended) end.outgoing.release("write");
  }
}
