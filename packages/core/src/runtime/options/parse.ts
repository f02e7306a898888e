import type { z } from "zod";
import { quote } from "../../permissions/cure.ts";
import { driverSchema } from "./driver-schema.ts";
import { OptionsError } from "./error.ts";
import { execSchema, runtimeSchema } from "./runtime-schema.ts";
import type { ExecOptions, NodeDriverOptions, NodeRuntimeOptions, RunOptions } from "./types.ts";

type Path = readonly PropertyKey[];

const step = (key: PropertyKey): string =>
  typeof key === "number"
    ? `[${key}]`
    : /^[A-Za-z_$][\w$]*$/.test(String(key))
      ? `.${String(key)}`
      : `[${quote(String(key))}]`;

const valueAt = (root: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    root,
  );

/** A value as a message shows it: short, and never the contents of an object. */
function show(value: unknown): string {
  if (typeof value === "string") return value.length > 60 ? `${quote(value.slice(0, 60))}...` : quote(value);
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "bigint" ? `${value}n` : String(value);
}

function describe(root: unknown, issue: { readonly path: Path; readonly message: string }): string {
  const where = `options${issue.path.map(step).join("")}`;
  if (!issue.message.startsWith("must ")) return `${where} ${issue.message}`;
  return `${where} ${issue.message}; got ${show(valueAt(root, issue.path))}`;
}

function parse(schema: z.ZodType, value: unknown): unknown {
  const given = value === undefined ? {} : value;
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new OptionsError(result.error.issues.map((issue) => describe(given, issue)));
}

/**
 * Checks the options of `new NodeRuntime`.
 * @throws OptionsError (`ERR_SANDBOX_INVALID_OPTIONS`) naming every option that does not fit.
 */
export const parseRuntimeOptions = (value: unknown): NodeRuntimeOptions =>
  parse(runtimeSchema, value) as NodeRuntimeOptions;

/**
 * Checks the options of `createNodeDriver`, every permission pattern included.
 * @throws OptionsError
 */
export const parseDriverOptions = (value: unknown): NodeDriverOptions =>
  parse(driverSchema, value) as NodeDriverOptions;

/**
 * Checks the options of `exec`.
 * @throws OptionsError
 */
export const parseExecOptions = (value: unknown): ExecOptions => parse(execSchema, value) as ExecOptions;

/**
 * Checks the options of `run`.
 * @throws OptionsError
 */
export const parseRunOptions = (value: unknown): RunOptions => parse(execSchema, value) as RunOptions;
