import type { z } from "zod";
import { quote } from "../../permissions/cure.ts";
import type { Program } from "../program.ts";
import { driverSchema } from "./driver-schema.ts";
import { OptionsError } from "./error.ts";
import { programSchema } from "./program-schema.ts";
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

/** Says itself which part of an object does not fit. */
const ABOUT_CONTENTS = /^must (?:have|hold) /;

function describe(root: unknown, name: string, issue: { readonly path: Path; readonly message: string }): string {
  const where = `${name}${issue.path.map(step).join("")}`;
  const isWhole = !issue.message.startsWith("must ") || ABOUT_CONTENTS.test(issue.message);
  if (isWhole) return `${where} ${issue.message}`;
  return `${where} ${issue.message}; got ${show(valueAt(root, issue.path))}`;
}

function check(schema: z.ZodType, value: unknown, name: string): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new OptionsError(result.error.issues.map((issue) => describe(value, name, issue)));
}

const parse = (schema: z.ZodType, value: unknown): unknown =>
  check(schema, value === undefined ? {} : value, "options");

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

/**
 * Checks a program for `execProgram`.
 * @throws OptionsError
 */
export const parseProgram = (value: unknown): Program => check(programSchema, value, "program") as Program;
