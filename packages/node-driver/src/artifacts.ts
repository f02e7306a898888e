import { constants } from "node:fs";
import { lstat, mkdtemp, open, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { ArtifactFile, Artifacts, ArtifactsOptions } from "@vivarium/core";
import type { ArtifactsMountSpec } from "./fs/spec.ts";

const DEFAULT_ARTIFACT_BYTES = 256 * 1024 * 1024;
const DEFAULT_ARTIFACT_FILES = 10_000;

const notFound = (path: string): Error =>
  Object.assign(new Error(`ENOENT: no such artifact, open ${JSON.stringify(path)}`), { code: "ENOENT", path });

/** The host directory behind one runtime's `/artifacts`. It is removed with the runtime. */
export class ArtifactDirectory implements Artifacts, AsyncDisposable {
  readonly mount: ArtifactsMountSpec;
  readonly #host: string;

  constructor(host: string, options: ArtifactsOptions) {
    this.#host = host;
    this.mount = {
      guest: "/artifacts",
      kind: "artifacts",
      host,
      quotaBytes: options.quotaBytes ?? DEFAULT_ARTIFACT_BYTES,
      quotaFiles: options.quotaFiles ?? DEFAULT_ARTIFACT_FILES,
    };
  }

  /** Makes an empty directory in the system's temporary folder. */
  static async make(options: ArtifactsOptions): Promise<ArtifactDirectory> {
    return new ArtifactDirectory(await mkdtemp(join(tmpdir(), "vivarium-artifacts-")), options);
  }

  async list(): Promise<readonly ArtifactFile[]> {
    const files: ArtifactFile[] = [];
    await this.#collect("", files);
    return files.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  async open(path: string): Promise<Readable> {
    const parts = path.split("/");
    if (path.includes("\0") || parts.some((part) => part === "" || part === "." || part === "..")) throw notFound(path);
    let host = this.#host;
    for (const part of parts.slice(0, -1)) {
      host = join(host, part);
      if (!(await lstat(host).catch(() => undefined))?.isDirectory()) throw notFound(path);
    }
    // Non-blocking: a pipe in the file's place must not hold the host up.
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    const handle = await open(join(host, parts.at(-1) ?? ""), flags).catch(() => {
      throw notFound(path);
    });
    if ((await handle.stat()).isFile()) return handle.createReadStream();
    await handle.close();
    throw notFound(path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#host, { recursive: true, force: true });
  }

  /** Regular files only, links never followed. */
  async #collect(below: string, files: ArtifactFile[]): Promise<void> {
    for (const entry of await readdir(join(this.#host, below), { withFileTypes: true })) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) await this.#collect(path, files);
      else if (entry.isFile()) files.push({ path, bytes: (await lstat(join(this.#host, path))).size });
    }
  }
}
