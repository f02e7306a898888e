import { Socket } from "node:net";
import { ANSWER_FD, COMMAND_FD, REPORT_FD } from "./descriptors.ts";
import { EMPTY_BODY, FrameReader, MAX_COMMAND_HEADER_BYTES } from "./frames.ts";
import type { Answer, Command, Question, Report, Serve } from "./messages.ts";
import { SyncAnswerReader, SyncReportWriter } from "./sync-io.ts";

export interface CellChannelHandlers {
  /** A command of the supervisor; called on a turn of the cell's event loop, in order. */
  onCommand(header: Command, body: Uint8Array): void;
  /** A syscall of a child process to serve at once: it came while this cell blocks on a question. */
  onServe?(request: Serve, body: Uint8Array): void;
  /** The supervisor is gone or broke the protocol. Left out: the cell ends itself at once. */
  onClose?(): void;
}

/** The cell's end of the channel. Reports and questions block; commands arrive as events. */
export interface CellChannel {
  /** Writes one report and returns when the pipe has taken it. @throws EPIPE when the supervisor is gone. */
  report(header: Report, body?: Uint8Array): void;
  /** Asks and blocks until the supervisor answered; nothing else of the cell runs meanwhile. */
  ask(question: Question, body?: Uint8Array): { header: Answer; body: Uint8Array };
  /** Whether waiting for commands keeps the cell's event loop alive (it does at first). */
  ref(): void;
  unref(): void;
  /** Stops listening for commands. */
  close(): void;
}

/** A cell without a supervisor has nobody to report to; no exit handler may hold it up. */
const endSelf = (): void => {
  process.kill(process.pid, "SIGKILL");
};

/** Opens the descriptors the supervisor passed to this process. Call once. */
export function openCellChannel(handlers: CellChannelHandlers): CellChannel {
  const writer = new SyncReportWriter(REPORT_FD);
  const answers = new SyncAnswerReader(ANSWER_FD);
  const frames = new FrameReader(MAX_COMMAND_HEADER_BYTES);
  const closed = handlers.onClose ?? endSelf;
  const socket = new Socket({ fd: COMMAND_FD, readable: true, writable: false });
  socket.on("data", (chunk: Uint8Array) => {
    for (const frame of frames.push(chunk)) handlers.onCommand(frame.header as Command, frame.body);
  });
  socket.on("error", () => closed());
  socket.on("end", () => closed());
  let questions = 0;
  /** Answers that came while a question inside another one was waiting for its own. */
  const early = new Map<number, { header: Answer; body: Uint8Array }>();
  const answerTo = (id: number): { header: Answer; body: Uint8Array } => {
    for (;;) {
      const known = early.get(id);
      if (known !== undefined) {
        early.delete(id);
        return known;
      }
      const { header, body } = answers.read();
      if ((header as Partial<Serve>).type === "serve") handlers.onServe?.(header as Serve, body);
      else {
        const { to, ...answer } = header as Answer & { readonly to: number };
        early.set(to, { header: answer as Answer, body });
      }
    }
  };
  return {
    report(header, body) {
      if (header.type === "stdio") writer.writeStdio(header.channel, body ?? EMPTY_BODY);
      else writer.write(header, body);
    },
    ask(question, body) {
      questions += 1;
      const id = questions;
      writer.write({ type: "ask", id, question } satisfies Report, body);
      return answerTo(id);
    },
    ref: () => void socket.ref(),
    unref: () => void socket.unref(),
    close: () => void socket.removeAllListeners("end").destroy(),
  };
}
