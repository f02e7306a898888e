import { existsSync, readFileSync } from "node:fs";
import { didYouMean } from "./did-you-mean.ts";
import { inFlags } from "./flags.ts";
import { help } from "./help.ts";
import { parseCommandLine } from "./options.ts";
import { runProgram } from "./run.ts";
import { settingsOf } from "./settings.ts";
import { UsageError } from "./usage-error.ts";

const USAGE_EXIT = 9;
const HOST_FAILURE_EXIT = 70;

/** The package's manifest is beside `dist`, where the command is one file, and above `src`. */
function version(): string {
  const manifest = ["../package.json", "../../package.json"]
    .map((path) => new URL(path, import.meta.url))
    .find((url) => existsSync(url));
  if (manifest === undefined) return "unknown";
  return String((JSON.parse(readFileSync(manifest, "utf8")) as { version?: unknown }).version);
}

/** `run` may be left out before an option, so that `vivarium -e CODE` works. */
function withoutCommand(argv: readonly string[]): readonly string[] {
  const [command] = argv;
  if (command === "run") return argv.slice(1);
  if (command === undefined || command === "help") return ["--help"];
  if (command.startsWith("-") && command !== "-") return argv;
  const near = didYouMean(command, ["run", "help"]);
  throw new UsageError(
    `unknown command ${JSON.stringify(command)}${near === undefined ? "; use vivarium run <file>" : ` (did you mean ${near}?)`}`,
  );
}

/** The `vivarium` command; -> its exit code. Never rejects. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const line = parseCommandLine(withoutCommand(argv));
    if (line.options.help !== undefined) process.stdout.write(help);
    else if (line.options.version !== undefined) process.stdout.write(`${version()}\n`);
    else return await runProgram(settingsOf(line, process.cwd(), process.env));
    return 0;
  } catch (error) {
    const { message, code } = error as { message?: string; code?: string };
    process.stderr.write(`vivarium: ${inFlags(message ?? String(error))}\n`);
    return error instanceof UsageError || code === "ERR_SANDBOX_INVALID_OPTIONS" ? USAGE_EXIT : HOST_FAILURE_EXIT;
  }
}
