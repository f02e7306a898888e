import type { RuntimeLogger } from "./options.ts";

const nothing = (): void => {};

/** Says nothing: what a runtime uses that was given no logger. */
export const silentLogger: RuntimeLogger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** A pino logger of this level that writes JSON lines to the host's standard error. Loads pino when called. */
export async function createHostLogger(level: string): Promise<RuntimeLogger> {
  const { destination, pino } = await import("pino");
  const logger: RuntimeLogger = pino({ name: "vivarium", level }, destination({ dest: 2, sync: true }));
  return logger;
}
