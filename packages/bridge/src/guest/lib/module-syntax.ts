import { StringProto } from "../primordials.ts";

/** V8's messages for code that is a module and not a script (src/node_contextify.cc, esm_syntax_error_messages and below). */
const MESSAGES = [
  "Cannot use import statement outside a module",
  "Unexpected token 'export'",
  "Cannot use 'import.meta' outside a module",
  "Identifier '__filename' has already been declared",
  "Identifier '__dirname' has already been declared",
  "Identifier 'exports' has already been declared",
  "Identifier 'module' has already been declared",
  "Identifier 'require' has already been declared",
  "await is only valid in async functions and the top level bodies of modules",
] as const;

/** Whether a compile error hints at module syntax. The caller still has to try the module goal. */
export function isModuleSyntaxError(message: string): boolean {
  for (let i = 0; i < MESSAGES.length; i++) {
    if (StringProto.includes(message, MESSAGES[i] as string)) return true;
  }
  return false;
}
