import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { allowAll } from "@vivarium/core";
import { createNodeDriver } from "@vivarium/node-driver";
import { NodeRuntime } from "../runtime.ts";

/** What a program printed and how it ended. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

/** The same program on host Node and in the sandbox. Equal when the sandbox does what Node does. */
export interface Compared {
  readonly host: Printed;
  readonly sandbox: Printed;
}

/** A program: a file that exists, or code and the name it gets (its ending says CommonJS or ES module). */
export type DifferentialProgram = { readonly file: string } | WrittenProgram;

export interface WrittenProgram {
  readonly code: string;
  readonly name?: string;
  /** Files beside the program, by relative path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Options of Node itself, before the program. */
  readonly flags?: readonly string[];
}

export interface DifferentialOptions {
  readonly compat?: "baseline" | "full";
  readonly nativeHelper?: boolean;
  /** Environment of the program on both sides, beside `TZ` and `LANG`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Servers of the machine's own that the program may reach, beside the outside world. */
  readonly connect?: readonly string[];
}

interface Command {
  readonly file: string;
  readonly cwd: string;
  readonly args: readonly string[];
  readonly flags: readonly string[];
}

const TIME_LIMIT_MS = 20_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const BASE_ENV = { TZ: "UTC", LANG: "C.UTF-8" };

/** The process's number is the one thing in a printout that two runs of the same Node do not share. */
const normalised = (text: string): string => text.replaceAll(/\(node:\d+\)/g, "(node:PID)");

function writeAll(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    const target = path.join(folder, name);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
}

/**
 * Runs programs on host Node (this process's own) and in the sandbox, from clean copies. The guest sees its copy at the
 * very path the host's copy has, so that nothing in the output needs to be rewritten but process numbers. One runtime
 * serves all programs; close it in the end.
 */
export class Differential {
  readonly #folder = mkdtempSync(path.join(realpathSync(os.tmpdir()), "vd-"));
  readonly #env: Readonly<Record<string, string>>;
  readonly #runtime: NodeRuntime;
  #count = 0;

  constructor(options: DifferentialOptions = {}) {
    const { env, connect = [], ...runtime } = options;
    this.#env = { ...BASE_ENV, ...env };
    for (const side of ["h", "s"]) mkdirSync(path.join(this.#folder, side));
    const mount = {
      guest: path.join(this.#folder, "h"),
      kind: "host",
      host: path.join(this.#folder, "s"),
      mode: "rw",
    } as const;
    // Without `listen`: the host's copy of the program has the same ports at the same time.
    const permissions = { ...allowAll, network: { connect: ["*", ...connect], dns: ["*"] } };
    const driver = createNodeDriver({ permissions, mounts: [mount], moduleAccess: false });
    this.#runtime = new NodeRuntime({ ...runtime, driver });
  }

  /** Runs one program on both sides, at the same time. */
  async compare(program: DifferentialProgram, args: readonly string[] = []): Promise<Compared> {
    const number = String(this.#count++);
    const name = "file" in program ? path.basename(program.file) : (program.name ?? "program.cjs");
    for (const side of ["h", "s"]) {
      const folder = path.join(this.#folder, side, number);
      mkdirSync(folder);
      if ("file" in program) cpSync(program.file, path.join(folder, name));
      else writeAll(folder, { ...program.files, [name]: program.code });
    }
    const cwd = path.join(this.#folder, "h", number);
    const command = { file: path.join(cwd, name), cwd, args, flags: "file" in program ? [] : (program.flags ?? []) };
    const [host, sandbox] = await Promise.all([this.#onHost(command), this.#inSandbox(command)]);
    return { host, sandbox };
  }

  #onHost({ file, cwd, args, flags }: Command): Promise<Printed> {
    const options = {
      cwd,
      env: this.#env,
      timeout: TIME_LIMIT_MS,
      maxBuffer: MAX_OUTPUT_BYTES,
      encoding: "utf8",
    } as const;
    return new Promise((resolve) => {
      const child = execFile(process.execPath, [...flags, file, ...args], options, (_error, stdout, stderr) => {
        resolve({ stdout: normalised(stdout), stderr: normalised(stderr), code: child.exitCode });
      });
      child.stdin?.end();
    });
  }

  async #inSandbox({ file, cwd, args, flags }: Command): Promise<Printed> {
    const chunks: Record<"stdout" | "stderr", Uint8Array[]> = { stdout: [], stderr: [] };
    const { code } = await this.#runtime.execProgram(
      { kind: "file", filePath: file, flags },
      {
        argv: args,
        cwd,
        env: this.#env,
        limits: { wallTimeMs: TIME_LIMIT_MS },
        onStdio: ({ channel, data }) => {
          chunks[channel].push(data.slice());
        },
      },
    );
    const text = (channel: "stdout" | "stderr") => normalised(Buffer.concat(chunks[channel]).toString("utf8"));
    return { stdout: text("stdout"), stderr: text("stderr"), code };
  }

  async close(): Promise<void> {
    await this.#runtime.dispose();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
