import { z } from "zod";
import { globProblem } from "../../permissions/glob.ts";
import { parseHostRule } from "../../permissions/network/host-rule.ts";
import type { Permissions } from "../../permissions/rules.ts";
import { checked, either, list, must, options } from "./schema.ts";

const asString = (check: (value: string) => string | undefined, what: string) =>
  checked<string>((value) => (typeof value === "string" ? check(value) : `be ${what}`));

const patterns = list(asString(globProblem, "a path pattern such as /data/**"), "path patterns").optional();

const hosts = (rules: "connect" | "listen" | "dns") =>
  list(
    asString((value) => {
      const rule = parseHostRule(value, rules);
      return typeof rule === "string" ? rule : undefined;
    }, "a host pattern such as api.example.com:443"),
    "host patterns",
  ).optional();

const commandProblem = (value: string): string | undefined => {
  if (value === "" || value.includes("\0")) return "be the name of a command";
  return /\s/.test(value) && !value.startsWith("/") ? "be one command without arguments" : undefined;
};

const names = (what: string) =>
  list(
    asString((value) => (value === "" || /[\0=]/.test(value) ? `be ${what}` : undefined), what),
    "names",
  );

/** `true`, `false` and functions are rules already; an object is checked as one. */
const domain = <T>(rules: z.ZodType) =>
  either<T>(
    (value) => value === undefined || typeof value === "boolean" || typeof value === "function",
    rules,
  ).optional();

const rulesOf = <T extends z.core.$ZodLooseShape>(shape: T, what: string) =>
  z
    .unknown()
    .refine((value) => typeof value === "object" && value !== null, must(`be true, false, a function or ${what}`))
    .pipe(options(shape));

/** `permissions`, with every pattern checked. */
export const permissionsSchema = options({
  fs: domain<Permissions["fs"]>(rulesOf({ read: patterns, write: patterns }, "{ read, write }")),
  network: domain<Permissions["network"]>(
    rulesOf({ connect: hosts("connect"), listen: hosts("listen"), dns: hosts("dns") }, "{ connect, listen, dns }"),
  ),
  childProcess: domain<Permissions["childProcess"]>(
    rulesOf({ commands: list(asString(commandProblem, "the name of a command"), "commands") }, "{ commands }"),
  ),
  env: domain<Permissions["env"]>(names("the name of a variable, or *")),
  bindings: domain<Permissions["bindings"]>(names("the dotted name of a binding, or *")),
});
