import { z } from "zod";
import { type LimitName, limitNames, limitProblem } from "../../limits/limits.ts";
import type { Decision } from "../../permissions/requests.ts";
import { envSchema, guestPath } from "./driver-schema.ts";
import { checked, func, list, must, options, text, whole } from "./schema.ts";
import type { BindingTree, OnStdio, RuntimeLogger, StdinOption } from "./types.ts";

const limitOf = (name: LimitName) => checked<number>((value) => limitProblem(name, value)).optional();

const limitsSchema = options(
  Object.fromEntries(limitNames.map((name) => [name, limitOf(name)])) as Record<LimitName, ReturnType<typeof limitOf>>,
);

const onStdio = func<OnStdio>("({ channel, data }) => void");

const isTree = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Names become dotted paths and global properties, so they must be identifiers. */
function bindingProblem(value: unknown, at = ""): string | undefined {
  if (!isTree(value)) return "be an object of functions, such as { tools: { search } }";
  for (const [name, item] of Object.entries(value)) {
    const path = at === "" ? name : `${at}.${name}`;
    if (!/^[A-Za-z_$][\w$]*$/.test(name) || name === "__proto__")
      return `have identifiers as names (${JSON.stringify(path)} is none)`;
    if (typeof item === "function") continue;
    if (!isTree(item)) return `hold a function or an object at ${path}`;
    const inner = bindingProblem(item, path);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

const hasMethods = (value: unknown, names: readonly string[]): boolean =>
  typeof value === "object" && value !== null && names.every((name) => typeof Reflect.get(value, name) === "function");

/** Options of `new NodeRuntime`. */
export const runtimeSchema = options({
  driver: checked<object>((value) =>
    typeof value === "object" && value !== null ? undefined : "be what createNodeDriver() returns",
  ).optional(),
  compat: z.enum(["baseline", "full"], must('be "baseline" or "full"')).optional(),
  limits: limitsSchema.optional(),
  bindings: checked<BindingTree>((value) => bindingProblem(value)).optional(),
  onStdio: onStdio.optional(),
  onDecision: func<(decision: Decision) => void>("(decision) => void").optional(),
  logger: checked<RuntimeLogger>((value) =>
    hasMethods(value, ["debug", "info", "warn", "error"])
      ? undefined
      : "be a pino logger, or have debug, info, warn and error",
  ).optional(),
  pool: options({ size: whole(0, 64, "cells").optional() }).optional(),
  tenant: text().optional(),
  nativeHelper: checked<boolean>((value) => (typeof value === "boolean" ? undefined : "be true or false")).optional(),
});

const isStdin = (value: unknown): boolean =>
  typeof value === "string" ||
  value instanceof Uint8Array ||
  hasMethodOf(value, Symbol.asyncIterator) ||
  hasMethodOf(value, Symbol.iterator);

const hasMethodOf = (value: unknown, key: symbol): boolean =>
  typeof value === "object" && value !== null && typeof Reflect.get(value, key) === "function";

/** Options of `exec` and `run`. */
export const execSchema = options({
  filePath: guestPath.optional(),
  env: envSchema.optional(),
  cwd: guestPath.optional(),
  argv: list(text(), "strings").optional(),
  stdin: checked<StdinOption>((value) =>
    isStdin(value) ? undefined : "be a string, bytes, or an iterable of those (a stream)",
  ).optional(),
  signal: checked<AbortSignal>((value) =>
    typeof value === "object" && value !== null && "aborted" in value && hasMethods(value, ["addEventListener"])
      ? undefined
      : "be an AbortSignal",
  ).optional(),
  limits: limitsSchema.optional(),
  onStdio: onStdio.optional(),
});
