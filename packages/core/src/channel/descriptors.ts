/** Descriptors of a cell beyond standard input, output and error. */

/** Cell to supervisor: reports, written synchronously. */
export const REPORT_FD = 3;
/** Supervisor to cell: commands, read by the event loop. */
export const COMMAND_FD = 4;
/** Supervisor to cell: answers to questions the cell blocks on. */
export const ANSWER_FD = 5;
/** Held open by the supervisor and never written: its end says that the supervisor is gone. */
export const LIFELINE_FD = 6;
