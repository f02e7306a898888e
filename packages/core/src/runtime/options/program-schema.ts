import { z } from "zod";
import { guestPath } from "./driver-schema.ts";
import { bool, list, options, text } from "./schema.ts";

const code = z.string({ error: () => "must be a string" });
const preloads = {
  require: list(text(), "modules to load first").optional(),
  flags: list(text(), "options of Node").optional(),
};

/** What `execProgram` runs. */
export const programSchema = z.discriminatedUnion(
  "kind",
  [
    options({ kind: z.literal("file"), filePath: guestPath, ...preloads }),
    options({ kind: z.literal("eval"), code, print: bool.optional(), ...preloads }),
    options({ kind: z.literal("source"), code, filePath: guestPath, ...preloads }),
  ],
  {
    error: (issue) =>
      issue.code === "invalid_union" ? 'must be "file", "eval" or "source"' : "must be an object with a kind",
  },
);
