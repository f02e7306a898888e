import type { CellProcess } from "../cell-process.ts";

interface Request {
  readonly child: number;
  readonly number: number;
  readonly args: Uint8Array;
  readonly settle: (answer: Uint8Array | undefined) => void;
}

/**
 * Syscalls about files that child processes send to the cell that holds them. While that cell blocks on a question it
 * reads its answer pipe alone, so what it has not served yet is sent there too; it serves each id once.
 */
export class FileRequests {
  readonly #cell: CellProcess;
  readonly #open = new Map<number, Request>();
  #questions = 0;
  #last = 0;
  #over = false;

  constructor(cell: CellProcess) {
    this.#cell = cell;
  }

  /** -> the answer, wire format; nothing when the cell is gone */
  request(child: number, number: number, args: Uint8Array): Promise<Uint8Array | undefined> {
    if (this.#over) return Promise.resolve(undefined);
    this.#last += 1;
    const id = this.#last;
    return new Promise((settle) => {
      const request = { child, number, args: new Uint8Array(args), settle };
      this.#open.set(id, request);
      if (this.#questions > 0) this.#sendAside(id, request);
      else void this.#cell.send({ type: "serve", id, child, number }, request.args);
    });
  }

  /** The cell blocks on a question from now on. */
  asked(): void {
    this.#questions += 1;
    for (const [id, request] of this.#open) this.#sendAside(id, request);
  }

  /** Its question is being answered. */
  answered(): void {
    this.#questions -= 1;
  }

  served(id: number, answer: Uint8Array): void {
    const request = this.#open.get(id);
    this.#open.delete(id);
    request?.settle(new Uint8Array(answer));
  }

  /** A child process is gone. */
  release(child: number): void {
    if (!this.#over) void this.#cell.send({ type: "unserve", child });
  }

  end(): void {
    this.#over = true;
    for (const { settle } of this.#open.values()) settle(undefined);
    this.#open.clear();
  }

  #sendAside(id: number, { child, number, args }: Request): void {
    this.#cell.answer({ type: "serve", id, child, number }, args);
  }
}
