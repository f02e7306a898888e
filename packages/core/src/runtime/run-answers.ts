import type { Answer, Report, RunRequest } from "../channel/messages.ts";
import { parsePermissionRequest } from "../channel/schemas.ts";
import type { CellRun, RunPowers } from "./cell-run.ts";
import { answerLookup } from "./lookup.ts";

type Of<T extends Report["type"]> = Extract<Report, { readonly type: T }>;
type Question = Of<"ask">["question"];

const STDIN_END = new Uint8Array(0);

/** Answers what a guest asks of the embedder and of the other processes of its tree. */
export class RunAnswers {
  readonly #run: CellRun;
  readonly #request: RunRequest;
  readonly #powers: RunPowers;

  constructor(run: CellRun, request: RunRequest, powers: RunPowers) {
    this.#run = run;
    this.#request = request;
    this.#powers = powers;
  }

  get #filesOf(): number {
    return this.#powers.filesOf ?? this.#powers.pid;
  }

  /** The answer to a question for which the guest stands still. */
  async to(
    question: Question,
    body: Uint8Array,
  ): Promise<{ readonly answer: Answer; readonly body?: Uint8Array | undefined }> {
    const { permissions, bindings, tree, files, descriptors } = this.#powers;
    const run = this.#run;
    switch (question.kind) {
      case "permission":
        return { answer: await permissions.answer(parsePermissionRequest(question.request)) };
      case "binding": {
        const { ok, body: value } = await bindings.call(question.name, body, this.#request.limits.payloadBytes);
        return { answer: { ok }, body: value };
      }
      case "stdin": {
        const piece = await descriptors.get(question.fd ?? 0)?.next(question.bytes);
        return { answer: { ok: true }, body: piece ?? STDIN_END };
      }
      case "spawn":
        return { answer: tree.spawn(run, question.request) };
      case "spawnSync":
        return tree.spawnSync(run, question.request, question.wait, body);
      case "kill":
        return { answer: tree.kill(question.pid, question.signal) ? { ok: true } : { ok: false, error: "ESRCH" } };
      case "listener": {
        const { use, protocol, address, port } = question;
        const { listeners } = tree;
        const isServed = use === "connect" && listeners.servedBy(run, protocol, address, port) !== undefined;
        return { answer: { ok: isServed || (use === "bind" && listeners.isTaken(run, question)) } };
      }
      case "threadId":
        return { answer: { ok: true, threadId: tree.nextThread(run) } };
      case "file": {
        const served = await files?.fileRequests.request(this.#filesOf, question.number, body);
        return served === undefined ? { answer: { ok: false } } : { answer: { ok: true }, body: served };
      }
    }
  }

  /** A syscall about files that another cell holds. */
  async fileCall({ token, number }: Of<"fileCall">, args: Uint8Array): Promise<void> {
    const served = await this.#powers.files?.fileRequests.request(this.#filesOf, number, args);
    this.#run.tell({ type: "answer", token, ok: served !== undefined }, served);
  }

  /** A connection to a server of another process. */
  async reach({ token, port, protocol, address, from }: Of<"reach">): Promise<void> {
    const reached = await this.#powers.tree.reach(this.#run, port, { protocol, address, from });
    this.#run.tell({ type: "answer", token, ok: typeof reached === "number" }, Buffer.from(String(reached), "latin1"));
  }

  async lookup({ token, hostname, family }: Of<"lookup">): Promise<void> {
    const { ok, text } = await answerLookup(this.#powers.lookup, hostname, family);
    this.#run.tell({ type: "answer", token, ok }, Buffer.from(text, "latin1"));
  }

  /** A function of the embedder. */
  async call({ token, name }: Of<"call">, args: Uint8Array): Promise<void> {
    const { ok, body } = await this.#powers.bindings.call(name, args, this.#request.limits.payloadBytes);
    this.#run.tell({ type: "answer", token, ok }, body);
  }

  /** The next bytes for a descriptor. */
  async input({ fd = 0 }: Of<"wantStdin">): Promise<void> {
    const piece = await this.#powers.descriptors.get(fd)?.next();
    const named = fd === 0 ? {} : { fd };
    this.#run.tell({ type: "stdin", end: piece === undefined, ...named }, piece);
  }
}
