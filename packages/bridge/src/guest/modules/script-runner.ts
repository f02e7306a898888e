import { STEP } from "../../contract/index.ts";
import { SyscallError } from "../client.ts";
import { append } from "../lib/define.ts";
import { syntaxError } from "../lib/syntax-error.ts";
import { ArrayProto, jsonParse, SafeWeakMap } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import type { Steps } from "./script-steps.ts";

/** Where scripts run: the main context, or one of a program's. */
export interface Stage {
  /** What the engine knows it by. */
  readonly id: number;
  /** Indirect eval. */
  evaluate(source: string): unknown;
  /** What was declared so far is shown to whoever looks from outside. */
  settle(): void;
}

// Taken before any program runs; called without a receiver, it is indirect eval.
const { eval: evaluate } = globalThis;

export const mainStage: Stage = { id: 0, evaluate: (source) => evaluate(source), settle: () => {} };

interface Frame {
  readonly stage: Stage;
  readonly parts: Steps;
  /** Finishes a step's source. */
  readonly finish: (source: string) => string;
  value: unknown;
  failure: { readonly error: unknown } | undefined;
}

const framesOf = new SafeWeakMap<Realm, Frame[]>();

function framesIn(realm: Realm): Frame[] {
  let frames = framesOf.get(realm);
  if (!frames) {
    frames = [];
    framesOf.set(realm, frames);
  }
  return frames;
}

/** What a skeleton calls: runs a step of the script that runs right now. */
export const stepper =
  (realm: Realm) =>
  (index: unknown): unknown => {
    const frames = framesIn(realm);
    const frame = frames[frames.length - 1];
    const step = frame?.parts.steps[index as number];
    if (!frame || !step) return undefined;
    if (step.source === "") return step.run ? step.run() : step.value;
    try {
      const value = frame.stage.evaluate(frame.finish(step.source));
      if (step.hoists) frame.stage.settle();
      if (step.counts) frame.value = value;
      return value;
    } catch (error) {
      frame.failure = { error };
      // What crosses the host is looked at there, down to its stack; nobody needs it there.
      throw undefined;
    }
  };

/** A script's value, in a box so that it is never taken for an answer of the host's. */
interface Box {
  readonly value: unknown;
}

/** The host has no hold on this context any more: only what indirect eval can do can be done in it. */
export class StageLost extends Error {}

export interface Origin {
  readonly filename: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Runs a script of V8's. What it throws crosses as a copy.
 * @param timeout milliseconds; 0 for none
 */
export function runWhole(realm: Realm, stage: Stage, source: string, origin: Origin, timeout: number): unknown {
  const { filename, line, column } = origin;
  try {
    return (realm.sys.engine.runScript(stage.id, source, filename, line, column, timeout) as Box).value;
  } catch (error) {
    throw error instanceof SyscallError ? failureOf(realm, error, filename, source) : error;
  }
}

/** What isolated-vm says of that. */
const TIMED_OUT = "Script execution timed out.";

/** A time limit was over (`runWhole`, `runSteps`). */
export class OutOfTime extends Error {}

interface Thrown {
  readonly name?: string;
  readonly message?: string;
  readonly stack?: string;
  readonly primitive?: unknown;
}

function failureOf(realm: Realm, failure: SyscallError, filename: string, source: string): unknown {
  switch (failure.code) {
    case "ENOENT":
      return new StageLost();
    case "ETIMEDOUT":
      return new OutOfTime();
    case "SyntaxError":
      return syntaxError(realm, failure, filename, source);
    case "ERR_SANDBOX_VM_THROWN":
      return revive(realm, jsonParse(failure.message ?? "{}") as Thrown);
    default:
      return new Error(failure.message ?? failure.code);
  }
}

/** Calls a function of ours that runs code of the stage's. @throws OutOfTime */
export function callInTime(realm: Realm, stage: Stage, run: () => void, timeout: number): void {
  if (stage.id === 0) connectMain(realm);
  const frames = framesIn(realm);
  const steps = [{ source: "", counts: false, run }];
  append(frames, {
    stage,
    parts: { skeleton: "", steps },
    finish: (text) => text,
    value: undefined,
    failure: undefined,
  });
  try {
    runWhole(realm, stage, `${STEP}(0);`, { filename: "vivarium:skeleton", line: 0, column: 0 }, timeout);
  } catch (error) {
    if (!(error instanceof StageLost)) throw error;
    run();
  } finally {
    ArrayProto.pop(frames);
  }
}

const REVIVED = ["Error", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "EvalError", "URIError"];

/** What is left of a value that crossed the host. */
function revive({ global }: Realm, { name = "Error", message = "", stack, primitive }: Thrown): unknown {
  if (primitive !== undefined) return primitive;
  const known = ArrayProto.includes(REVIVED, name);
  const Kind = (known ? (global as unknown as Record<string, unknown>)[name] : Error) as ErrorConstructor;
  const error = new Kind(message);
  if (!known) error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}

/** Runs a script that was cut into steps. @throws what it throws, the very value */
export function runSteps(
  realm: Realm,
  stage: Stage,
  parts: Steps,
  origin: Origin,
  finish: (source: string) => string,
  timeout: number,
): unknown {
  const frames = framesIn(realm);
  const frame: Frame = { stage, parts, finish, value: undefined, failure: undefined };
  if (stage.id === 0) connectMain(realm);
  append(frames, frame);
  try {
    runWhole(realm, stage, parts.skeleton, { filename: "vivarium:skeleton", line: 0, column: 0 }, timeout);
    return frame.value;
  } catch (error) {
    if (frame.failure && !(error instanceof OutOfTime && !isOwn(frame.failure.error))) throw frame.failure.error;
    throw error instanceof SyntaxError ? atOrigin(realm, error, origin) : error;
  } finally {
    ArrayProto.pop(frames);
  }
}

/** What the host takes for the end of a time limit may be an error of the program's with the same words. */
const isOwn = (error: unknown): boolean => error instanceof Error && error.message === TIMED_OUT;

/** A declaration that clashes with one of an earlier script. */
function atOrigin(realm: Realm, { message }: Error, { filename, line }: Origin): Error {
  return syntaxError(realm, new SyscallError("SyntaxError", undefined, `${message}\0${line + 1}:1`), filename, "");
}

const connected = new SafeWeakMap<Realm, true>();

/** Gives the main context what skeletons call, once. */
function connectMain(realm: Realm): void {
  if (connected.has(realm)) return;
  connected.set(realm, true);
  const source = `let ${STEP}; (run) => { ${STEP} = (index) => run(index); }`;
  const connect = runWhole(realm, mainStage, source, { filename: "vivarium:skeleton", line: 0, column: 0 }, 0);
  (connect as (run: unknown) => void)(stepper(realm));
}
