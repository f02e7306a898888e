import { putOwn } from "../lib/define.ts";
import { implement } from "../lib/implement.ts";
import { errnoOf, systemMessage } from "../lib/uvexception.ts";
import type { InstallBinding, Realm } from "../realm.ts";

const LAST_STREAM = 2;

const isTerminal = (realm: Realm, fd: number): boolean => {
  const { stdin, stdout, stderr } = realm.config.stdio;
  if (fd < 0 || fd > LAST_STREAM) return false;
  return (fd === 0 ? stdin : fd === 1 ? stdout : stderr) === "TTY";
};

/**
 * `internalBinding('tty_wrap')` (src/tty_wrap.cc). A guest is told whether a standard stream is a terminal, but holds
 * none itself: opening one fails as it does on a descriptor that is no terminal.
 */
export const install: InstallBinding = (binding, realm) => {
  class TTY {
    constructor(_fd: number, context: object) {
      putOwn(context, "errno", errnoOf(realm, "EINVAL"));
      putOwn(context, "code", "EINVAL");
      putOwn(context, "message", systemMessage(realm, "EINVAL"));
      putOwn(context, "syscall", "uv_tty_init");
    }
  }
  binding.TTY = TTY;
  implement(binding, { isTTY: (fd: number) => isTerminal(realm, fd) });
};
