import type { Answer, BindingRequest, ChildProcessRequest, EnvRequest, FsRequest, NetworkRequest } from "./requests.ts";

/** What a permission function may return. Anything but `true` or `{ allow: true }` denies. */
export type PermissionAnswer = boolean | Answer;

/** Decides one request. Runs in the embedder's process, may be async; a throw denies. */
export type PermissionFunction<R> = (request: R) => PermissionAnswer | PromiseLike<PermissionAnswer>;

/** Glob patterns over canonical guest paths. */
export interface FsRules {
  /** read, stat, readdir, readlink */
  readonly read?: readonly string[] | undefined;
  /** Everything that changes: write, mkdir, rm, rename, link, symlink, copy (target), chmod, chown, utimes, truncate. */
  readonly write?: readonly string[] | undefined;
}

/** Host patterns: `api.example.com:443`, `*.example.org`, `10.0.0.5:5432`, `10.0.0.0/8`, `[::1]:80`, `*`. */
export interface NetworkRules {
  readonly connect?: readonly string[] | undefined;
  /** Ports the guest may open on the host: `8080`, `127.0.0.1:8080`, `*`. */
  readonly listen?: readonly string[] | undefined;
  /** Names the guest may look up by itself. A name allowed under `connect` may be looked up to connect. */
  readonly dns?: readonly string[] | undefined;
}

export interface ChildProcessRules {
  /** Commands exactly as the guest writes them, or `*`. */
  readonly commands: readonly string[];
}

/**
 * What a guest may do. A domain that is missing (or `false`) is denied. `true` allows the whole domain, except that
 * private, loopback, link-local and metadata addresses stay blocked until each is named.
 */
export interface Permissions {
  readonly fs?: boolean | FsRules | PermissionFunction<FsRequest> | undefined;
  readonly network?: boolean | NetworkRules | PermissionFunction<NetworkRequest> | undefined;
  readonly childProcess?: boolean | ChildProcessRules | PermissionFunction<ChildProcessRequest> | undefined;
  /** Keys, or `["*"]`. */
  readonly env?: boolean | readonly string[] | PermissionFunction<EnvRequest> | undefined;
  /** Narrows the functions offered through `bindings`; when missing, offering one is the grant. */
  readonly bindings?: boolean | readonly string[] | PermissionFunction<BindingRequest> | undefined;
}

/** A domain decided by a function that lives in the embedder's process. */
export interface AskRule {
  readonly ask: true;
}

/** Permissions as they cross into the cell: plain JSON. A missing domain is denied. */
export interface WirePermissions {
  readonly fs?: AskRule | { readonly read: readonly string[]; readonly write: readonly string[] };
  readonly network?:
    | AskRule
    | { readonly connect: readonly string[]; readonly listen: readonly string[]; readonly dns: readonly string[] };
  readonly childProcess?: AskRule | { readonly commands: readonly string[] };
  readonly env?: AskRule | readonly string[];
  readonly bindings?: AskRule | readonly string[];
}
