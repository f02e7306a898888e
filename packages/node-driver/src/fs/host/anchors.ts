import { closeSync, openSync, readlinkSync, realpathSync } from "node:fs";
import { O_DIRECTORY, O_NOFOLLOW, O_PATH } from "../linux.ts";
import { hostJoin } from "./paths.ts";

/** Directories held open at a time. More than any one syscall needs, few enough to go unnoticed. */
const MAX_HELD = 64;
/**
 * How long a directory found at its path counts as still there, milliseconds. It bounds only how stale a *path* may be:
 * what is reached through the anchor stays the directory that was verified.
 */
const FRESH_MS = 1;
const MAX_CROOKED = 1024;

const LINUX = process.platform === "linux";

/** A directory proven to be real: no component of its path is a link. `base + "/" + name` reaches into just it. */
export interface Anchor {
  readonly base: string;
  readonly descriptor: number;
  held: boolean;
  verifiedAt: number;
}

/**
 * Host directories by path, race-free on Linux: each is opened once, its path is read back from the kernel, and its
 * entries are then reached through the descriptor (`/proc/self/fd/N/name`), so a directory swapped for a link later
 * cannot redirect anything. Elsewhere the path is compared with its real path on each use.
 */
export class Anchors {
  /** Least recently used first. */
  readonly #held = new Map<string, Anchor>();
  /** Paths seen to lead through links: a hint that saves opening them again. */
  readonly #crooked = new Set<string>();

  /**
   * The directory at this path, or nothing when there is none or a link leads to it. `strict` asks the kernel even
   * when the last answer is fresh.
   */
  acquire(directory: string, strict = false): Anchor | undefined {
    const anchor = this.#held.get(directory);
    if (anchor === undefined) return this.#open(directory);
    const now = performance.now();
    if (strict || now - anchor.verifiedAt > FRESH_MS) {
      if (!isAt(anchor.descriptor, directory)) {
        this.#drop(directory, anchor);
        return this.#open(directory);
      }
      anchor.verifiedAt = now;
    }
    this.#held.delete(directory);
    this.#held.set(directory, anchor);
    return anchor;
  }

  /** Whether a link was seen on this path: trying it in one step is hardly worth it. */
  seemsCrooked(directory: string): boolean {
    return this.#crooked.has(directory);
  }

  /** Makes every later use verify again: something was moved. */
  doubt(): void {
    for (const anchor of this.#held.values()) anchor.verifiedAt = Number.NEGATIVE_INFINITY;
    this.#crooked.clear();
  }

  /**
   * Lets go of a directory that was moved or removed, and of all below it. Held open, one that is removed would not
   * count as gone for those who watch it.
   */
  forget(directory: string): void {
    for (const [path, anchor] of this.#held)
      if (path === directory || path.startsWith(hostJoin(directory, ""))) this.#drop(path, anchor);
  }

  /** Closes all descriptors. */
  release(): void {
    for (const [directory, anchor] of this.#held) this.#drop(directory, anchor);
    this.#crooked.clear();
  }

  #open(directory: string): Anchor | undefined {
    const anchor = LINUX ? openAnchor(directory) : plainAnchor(directory);
    if (anchor === "crooked") {
      if (this.#crooked.size >= MAX_CROOKED) this.#crooked.clear();
      this.#crooked.add(directory);
      return undefined;
    }
    if (anchor === undefined || !LINUX) return anchor;
    for (const [oldest, held] of this.#held) {
      if (this.#held.size < MAX_HELD) break;
      this.#drop(oldest, held);
    }
    this.#held.set(directory, anchor);
    return anchor;
  }

  #drop(directory: string, anchor: Anchor): void {
    this.#held.delete(directory);
    anchor.held = false;
    closeSync(anchor.descriptor);
  }
}

function openAnchor(directory: string): Anchor | "crooked" | undefined {
  let descriptor: number;
  const depth = Error.stackTraceLimit;
  // A missing directory is an everyday answer: its error needs no stack.
  Error.stackTraceLimit = 0;
  try {
    descriptor = openSync(directory, O_PATH | O_DIRECTORY | O_NOFOLLOW);
  } catch {
    return undefined;
  } finally {
    Error.stackTraceLimit = depth;
  }
  if (isAt(descriptor, directory)) {
    return { base: `/proc/self/fd/${descriptor}`, descriptor, held: true, verifiedAt: performance.now() };
  }
  closeSync(descriptor);
  return "crooked";
}

function plainAnchor(directory: string): Anchor | "crooked" | undefined {
  try {
    if (realpathSync.native(directory) !== directory) return "crooked";
  } catch {
    return undefined;
  }
  return { base: directory, descriptor: -1, held: false, verifiedAt: 0 };
}

/** Whether an open descriptor still is the thing at this path. Always true where the kernel cannot be asked. */
export function isAt(descriptor: number, path: string): boolean {
  if (!LINUX) return true;
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`) === path;
  } catch {
    return false;
  }
}
