import { z } from "zod";
import { isCanonicalPath } from "../../permissions/glob.ts";
import { permissionsSchema } from "./permissions-schema.ts";
import { checked, either, func, must, options, text, whole } from "./schema.ts";
import type {
  ArtifactsOptions,
  CommandExecutor,
  MemoryOptions,
  ModuleAccessOptions,
  MountOption,
  NetworkLookup,
  NetworkOptions,
} from "./types.ts";

const MOST = Number.MAX_SAFE_INTEGER;
const MAX_ID = 2 ** 31 - 1;

/** A plain absolute guest path. */
export const guestPath = checked<string>((value) =>
  typeof value === "string" && isCanonicalPath(value)
    ? undefined
    : "be an absolute guest path without . or .. (such as /data)",
);

const hostPath = text("a directory of the host").refine((value) => value !== "", must("be a directory of the host"));

const quotas = { quotaBytes: whole(0, MOST, "bytes").optional(), quotaFiles: whole(0, MOST, "files").optional() };

const seedFiles = checked<MemoryOptions["files"]>((value) => {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return "be an object of path -> text or bytes";
  for (const [path, content] of Object.entries(value)) {
    if (!isCanonicalPath(path.startsWith("/") ? path : `/${path}`))
      return `have plain paths as keys (${JSON.stringify(path)} is none)`;
    if (typeof content !== "string" && !(content instanceof Uint8Array))
      return `hold text or bytes at ${JSON.stringify(path)}`;
  }
  return undefined;
});

const memory = { ...quotas, files: seedFiles.optional() };

const mountPoint = guestPath.refine(
  (value) => value !== "/",
  must("not be / (the option fs is the file system there)"),
);

const mount = z.discriminatedUnion(
  "kind",
  [
    options({ guest: mountPoint, kind: z.literal("memory"), ...memory }),
    options({
      guest: mountPoint,
      kind: z.literal("host"),
      host: hostPath,
      mode: z.enum(["ro", "rw"], must('be "ro" or "rw"')).optional(),
    }),
    options({ guest: mountPoint, kind: z.literal("overlay"), host: hostPath }),
  ],
  {
    error: (issue) =>
      issue.code === "invalid_union"
        ? 'must be "memory", "host" or "overlay"'
        : "must be a mount such as { guest, kind, host }",
  },
);

const duplicateMounts = (mounts: readonly { readonly guest: string }[]): string | undefined => {
  const seen = new Set<string>();
  for (const { guest } of mounts) if (seen.size === seen.add(guest).size) return guest;
  return undefined;
};

const mounts = z.array(mount, must("be an array of mounts")).superRefine((value, context) => {
  const twice = duplicateMounts(value);
  if (twice !== undefined) context.addIssue({ code: "custom", message: `must not mount ${twice} twice` });
});

/** Environment variables: names without `=`, values without NUL. */
export const envSchema = checked<Readonly<Record<string, string | undefined>>>((value) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "be an object of name -> string";
  for (const [key, item] of Object.entries(value)) {
    if (key === "" || /[=\0]/.test(key)) return `have variable names as keys (${JSON.stringify(key)} is none)`;
    if (item !== undefined && (typeof item !== "string" || item.includes("\0"))) return `hold a string at ${key}`;
  }
  return undefined;
});

const processInfo = options({
  argv0: text().optional(),
  pid: whole(1, MAX_ID).optional(),
  ppid: whole(0, MAX_ID).optional(),
  title: text().optional(),
  uid: whole(0, 2 ** 32 - 2).optional(),
  gid: whole(0, 2 ** 32 - 2).optional(),
  umask: whole(0, 0o777, "an octal mode such as 0o022").optional(),
});

const osInfo = options({
  hostname: text().optional(),
  sysname: text().optional(),
  release: text().optional(),
  version: text().optional(),
  machine: text().optional(),
  homedir: guestPath.optional(),
  tmpdir: guestPath.optional(),
  username: text().optional(),
  shell: text().optional(),
  cpus: whole(1, 1024).optional(),
  cpuModel: text().optional(),
  totalMemory: whole(1, MOST, "bytes").optional(),
});

const isBoolean = (value: unknown) => typeof value === "boolean";
const isFalse = (value: unknown) => value === false;

/** Options of `createNodeDriver`. */
export const driverSchema = options({
  permissions: permissionsSchema.optional(),
  fs: options(memory).optional(),
  mounts: mounts.optional(),
  moduleAccess: either<false | ModuleAccessOptions>(isFalse, options({ cwd: hostPath.optional() })).optional(),
  network: either<boolean | NetworkOptions>(
    isBoolean,
    options({ lookup: func<NetworkLookup>("(hostname, { family }) => addresses").optional() }),
  ).optional(),
  env: envSchema.optional(),
  nodePath: text("the path of a Node binary").optional(),
  commands: func<CommandExecutor>("(request) => result").optional(),
  processInfo: processInfo.optional(),
  osInfo: osInfo.optional(),
  artifacts: either<boolean | ArtifactsOptions>(isBoolean, options(quotas)).optional(),
}).superRefine((value, context) => {
  const taken = (value.mounts as readonly MountOption[] | undefined)?.some(({ guest }) => guest === "/artifacts");
  if (taken === true && value.artifacts !== undefined && value.artifacts !== false)
    context.addIssue({ code: "custom", path: ["mounts"], message: "must leave /artifacts to the option artifacts" });
});
