import type { Refusal } from "./command-line/command-line.ts";
import type { Realm } from "./realm.ts";

type Options = Readonly<Record<string, unknown>>;

/** What starts a program: a script of Node's `internal/main`, or the reason why nothing starts. */
export type MainScript = { readonly id: string } | { readonly refusal: Refusal };

/** Exit code of a command line that cannot be followed. */
const INVALID_COMMAND_LINE = 9;

/** Which script starts the program a command line asks for (`StartExecution`, src/node.cc). */
export function mainScript(realm: Realm, refusal: Refusal | undefined): MainScript {
  if (refusal) return { refusal };
  const { options, argv, argv0, stdio } = realm.config;
  const is = (name: string): boolean => (options as Options)[name] === true;
  const script = argv[1] ?? "";
  if (script === "inspect") {
    const text = `${argv0 ?? "node"}: inspect is not supported in sandbox\n`;
    return { refusal: { fd: 2, text, code: INVALID_COMMAND_LINE } };
  }
  if (is("--help")) return { id: "internal/main/print_help" };
  if (is("[has_eval_string]") && !is("--interactive")) return { id: "internal/main/eval_string" };
  if (is("--check")) return { id: "internal/main/check_syntax" };
  if (is("--test")) return { id: "internal/main/test_runner" };
  if (is("--watch")) return { id: "internal/main/watch_mode" };
  if (script !== "" && script !== "-") return { id: "internal/main/run_main_module" };
  if (is("--interactive") || stdio.stdin === "TTY") return { id: "internal/main/repl" };
  return { id: "internal/main/eval_stdin" };
}

/** Says why nothing starts, and ends. */
export function refuse(realm: Realm, { fd, text, code }: Refusal): never {
  const { Buffer } = realm.requireBuiltin<{ Buffer: { from(text: string): Uint8Array } }>("buffer");
  if (text !== "") realm.sys.stdio.write(fd, Buffer.from(text));
  return realm.exit(code);
}
