import type { Builtin } from "./builtins.ts";
import type { Targets } from "./io.ts";
import { complain, print, reasonOf } from "./messages.ts";
import type { Session } from "./session.ts";

/** Options are single letters; the rest are names. */
function split(args: readonly string[]): { readonly options: ReadonlySet<string>; readonly names: readonly string[] } {
  const end = args.indexOf("--");
  const flags = (end < 0 ? args : args.slice(0, end)).filter((arg) => /^-\w/.test(arg));
  const names = args.filter((arg, index) => index !== end && !flags.includes(arg));
  return { options: new Set(flags.flatMap((flag) => [...flag.slice(1)])), names };
}

/** Does something to every name; says which failed, and why. */
async function forEach(
  session: Session,
  targets: Targets,
  names: readonly string[],
  [verb, act]: readonly [verb: string, act: (path: string) => void],
): Promise<number> {
  let code = 0;
  for (const name of names) {
    try {
      act(session.resolve(name));
    } catch (error) {
      code = await complain(session, targets, `${verb} '${name}': ${reasonOf(error)}`, 1);
    }
  }
  return code;
}

const list: Builtin = async (args, targets, session) => {
  const { options, names } = split(args);
  const many = names.length > 1;
  let code = 0;
  for (const name of names.length > 0 ? names : ["."]) {
    try {
      const path = session.resolve(name);
      const isFolder = session.fs.statSync(path).isDirectory() && !options.has("d");
      const all = isFolder ? session.fs.readdirSync(path).sort() : [name];
      const dots = options.has("a") ? [".", ".."] : [];
      const shown = isFolder
        ? all.filter((each) => options.has("a") || options.has("A") || !each.startsWith("."))
        : all;
      const head = many && isFolder ? `${name}:\n` : "";
      await print(session, targets, head + [...(isFolder ? dots : []), ...shown].map((each) => `${each}\n`).join(""));
    } catch (error) {
      code = await complain(session, targets, `ls: cannot access '${name}': ${reasonOf(error)}`, 2);
    }
  }
  return code;
};

/** The file utilities everybody counts on, in their plain form. */
export const utilities: Readonly<Record<string, Builtin>> = {
  ls: list,
  mkdir(args, targets, session) {
    const { options, names } = split(args);
    const make = (path: string): void => void session.fs.mkdirSync(path, { recursive: options.has("p") });
    return forEach(session, targets, names, ["mkdir: cannot create directory", make]);
  },
  rm(args, targets, session) {
    const { options, names } = split(args);
    const remove = (path: string): void =>
      session.fs.rmSync(path, { recursive: options.has("r") || options.has("R"), force: options.has("f") });
    return forEach(session, targets, names, ["rm: cannot remove", remove]);
  },
  touch(args, targets, session) {
    const touch = (path: string): void => {
      session.fs.closeSync(session.fs.openSync(path, "a"));
      const now = new Date();
      session.fs.utimesSync(path, now, now);
    };
    return forEach(session, targets, split(args).names, ["touch: cannot touch", touch]);
  },
  async id(args, targets, session) {
    const { uid, gid } = session.powers.identity();
    const { options } = split(args);
    const one = options.has("u") ? uid : gid;
    const isOne = options.has("u") || options.has("g") || options.has("G");
    await print(session, targets, isOne ? `${one}\n` : `uid=${uid} gid=${gid} groups=${gid}\n`);
    return 0;
  },
};
