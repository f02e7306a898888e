import type { FileType } from "./layout.ts";
import { FILE_TYPE } from "./layout.ts";

/** Rights of descriptors (`rights` of wasi_snapshot_preview1). */
export const RIGHT = {
  fdDatasync: 1n << 0n,
  fdRead: 1n << 1n,
  fdSeek: 1n << 2n,
  fdFdstatSetFlags: 1n << 3n,
  fdSync: 1n << 4n,
  fdTell: 1n << 5n,
  fdWrite: 1n << 6n,
  fdAdvise: 1n << 7n,
  fdAllocate: 1n << 8n,
  pathCreateDirectory: 1n << 9n,
  pathCreateFile: 1n << 10n,
  pathLinkSource: 1n << 11n,
  pathLinkTarget: 1n << 12n,
  pathOpen: 1n << 13n,
  fdReaddir: 1n << 14n,
  pathReadlink: 1n << 15n,
  pathRenameSource: 1n << 16n,
  pathRenameTarget: 1n << 17n,
  pathFilestatGet: 1n << 18n,
  pathFilestatSetSize: 1n << 19n,
  pathFilestatSetTimes: 1n << 20n,
  fdFilestatGet: 1n << 21n,
  fdFilestatSetSize: 1n << 22n,
  fdFilestatSetTimes: 1n << 23n,
  pathSymlink: 1n << 24n,
  pathRemoveDirectory: 1n << 25n,
  pathUnlinkFile: 1n << 26n,
  pollFdReadwrite: 1n << 27n,
  sockShutdown: 1n << 28n,
  sockAccept: 1n << 29n,
} as const;

/** What a descriptor may, and what those that are opened through it may at most. */
export interface Rights {
  readonly base: bigint;
  readonly inheriting: bigint;
}

const ALL = (1n << 30n) - 1n;

const FILE =
  RIGHT.fdDatasync |
  RIGHT.fdRead |
  RIGHT.fdSeek |
  RIGHT.fdFdstatSetFlags |
  RIGHT.fdSync |
  RIGHT.fdTell |
  RIGHT.fdWrite |
  RIGHT.fdAdvise |
  RIGHT.fdAllocate |
  RIGHT.fdFilestatGet |
  RIGHT.fdFilestatSetSize |
  RIGHT.fdFilestatSetTimes |
  RIGHT.pollFdReadwrite;

const DIRECTORY =
  RIGHT.fdFdstatSetFlags |
  RIGHT.fdSync |
  RIGHT.fdAdvise |
  RIGHT.pathCreateDirectory |
  RIGHT.pathCreateFile |
  RIGHT.pathLinkSource |
  RIGHT.pathLinkTarget |
  RIGHT.pathOpen |
  RIGHT.fdReaddir |
  RIGHT.pathReadlink |
  RIGHT.pathRenameSource |
  RIGHT.pathRenameTarget |
  RIGHT.pathFilestatGet |
  RIGHT.pathFilestatSetSize |
  RIGHT.pathFilestatSetTimes |
  RIGHT.fdFilestatGet |
  RIGHT.fdFilestatSetTimes |
  RIGHT.pathSymlink |
  RIGHT.pathUnlinkFile |
  RIGHT.pathRemoveDirectory |
  RIGHT.pollFdReadwrite;

const TERMINAL = RIGHT.fdRead | RIGHT.fdFdstatSetFlags | RIGHT.fdWrite | RIGHT.fdFilestatGet | RIGHT.pollFdReadwrite;

export const SOCKET: bigint = TERMINAL | RIGHT.sockShutdown | RIGHT.sockAccept;

/** The most a descriptor of a kind may (src/wasi_rights.c of uvwasi). */
export function rightsOf(type: FileType, isTerminal: boolean): Rights {
  switch (type) {
    case FILE_TYPE.regularFile:
      return { base: FILE, inheriting: 0n };
    case FILE_TYPE.directory:
      return { base: DIRECTORY, inheriting: DIRECTORY | FILE };
    case FILE_TYPE.socketStream:
      return { base: SOCKET, inheriting: ALL };
    case FILE_TYPE.characterDevice:
      return isTerminal ? { base: TERMINAL, inheriting: 0n } : { base: ALL, inheriting: ALL };
    case FILE_TYPE.blockDevice:
      return { base: ALL, inheriting: ALL };
    default:
      return { base: 0n, inheriting: 0n };
  }
}
