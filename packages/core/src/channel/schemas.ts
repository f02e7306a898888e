import { z } from "zod";
import type { Decision, PermissionRequest } from "../permissions/requests.ts";
import { FrameError } from "./frames.ts";
import type { Report } from "./messages.ts";

const count = z.number().int().nonnegative();
const measure = z.number().nonnegative();

const usage = z.object({
  cpuMs: measure,
  wallMs: measure,
  heapMiB: measure,
  rssMiB: measure,
  syscalls: measure,
  stdioBytes: measure,
});

const result = z.object({
  id: count,
  code: z.number().int(),
  outcome: z.enum(["exit", "timeout", "memory", "killed", "aborted", "crashed"]),
  limit: z.enum(["cpu", "wall", "memory", "budget"]).optional(),
  signal: count.optional(),
  usage,
  body: z.tuple([count, count]),
});

const threadRequest = z.object({
  id: count,
  name: z.string().max(64 * 1024),
  resourceLimits: z.array(z.number()).length(4),
  execArgv: z.array(z.string()),
  options: z.record(z.string(), z.union([z.boolean(), z.number(), z.string(), z.array(z.string())])),
});

const spawnRequest = z.object({
  program: z.enum(["node", "sh"]),
  args: z.array(z.string()),
  env: z.array(z.string()),
  cwd: z.string(),
  stdio: z.array(z.union([z.enum(["ignore", "pipe", "ipc"]), count])).max(64),
  thread: threadRequest.optional(),
});

const syncWait = z.object({
  timeoutMs: measure,
  maxBuffer: z.number().int().min(-1),
  killSignal: count,
  inputs: z.array(z.number().int().min(-1)).max(64),
});

const port = z.number().int().min(0).max(65_535);
const protocol = z.enum(["tcp", "pipe"]);
const endpoint = z.object({ address: z.string().max(256), port });
const place = { protocol, address: z.string().max(256), port, ipv6Only: z.boolean() };

const question = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("spawn"), request: spawnRequest }),
  z.object({ kind: z.literal("spawnSync"), request: spawnRequest, wait: syncWait }),
  z.object({ kind: z.literal("kill"), pid: z.number().int(), signal: count }),
  z.object({ kind: z.literal("listener"), use: z.enum(["bind", "connect"]), ...place }),
  z.object({ kind: z.literal("threadId") }),
  z.object({ kind: z.literal("file"), number: count }),
  z.object({ kind: z.literal("permission"), domain: z.string(), request: z.unknown() }),
  z.object({ kind: z.literal("binding"), name: z.string() }),
  z.object({ kind: z.literal("stdin"), bytes: count, fd: count.optional() }),
]);

const report = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready"), bootMs: measure }),
  z.object({ type: z.literal("ask"), id: count, question }),
  z.object({ type: z.literal("call"), token: count, name: z.string() }),
  z.object({ type: z.literal("decision"), decision: z.unknown() }),
  z.object({ type: z.literal("wantStdin"), fd: count.optional() }),
  z.object({ type: z.literal("stdio"), channel: count }),
  z.object({ type: z.literal("closeFd"), fd: count }),
  z.object({ type: z.literal("pipe"), pipe: count, op: z.enum(["read", "write", "shutdown", "close"]) }),
  z.object({ type: z.literal("dialed"), pipe: count, ok: z.boolean() }),
  z.object({ type: z.literal("listens"), socket: count, ...place }),
  z.object({ type: z.literal("unlistens"), socket: count }),
  z.object({ type: z.literal("reach"), token: count, protocol, address: z.string().max(256), port, from: endpoint }),
  z.object({ type: z.literal("handles"), signals: z.array(count).max(128) }),
  z.object({ type: z.literal("served"), id: count }),
  z.object({
    type: z.literal("lookup"),
    token: count,
    hostname: z.string().max(256),
    family: z.union([z.literal(0), z.literal(4), z.literal(6)]),
  }),
  z.object({ type: z.literal("fileCall"), token: count, number: count }),
  z.object({ type: z.literal("result"), result }),
]);

const text = z.string();
const fsOps = [
  "read",
  "write",
  "stat",
  "readdir",
  "mkdir",
  "rm",
  "rename",
  "link",
  "symlink",
  "readlink",
  "copy",
  "chmod",
  "chown",
  "utimes",
  "truncate",
] as const;

const permissionRequest = z.discriminatedUnion("domain", [
  z.object({
    domain: z.literal("fs"),
    op: z.enum(fsOps),
    access: z.enum(["read", "write"]),
    path: text,
    from: text.optional(),
    to: text.optional(),
    subtree: z.boolean(),
  }),
  z.object({
    domain: z.literal("network"),
    op: z.enum(["connect", "listen", "dns"]),
    protocol: z.enum(["tcp", "udp", "dns"]),
    hostname: text,
    port: z.number().int().min(0).max(65_535),
    address: text.optional(),
  }),
  z.object({
    domain: z.literal("childProcess"),
    op: z.literal("spawn"),
    command: text,
    args: z.array(text),
    cwd: text.optional(),
  }),
  z.object({ domain: z.literal("env"), op: z.literal("read"), key: text, value: text }),
  z.object({ domain: z.literal("bindings"), op: z.literal("call"), name: text }),
]);

const decision = z.object({
  domain: z.enum(["fs", "network", "childProcess", "env", "bindings"]),
  op: text,
  resource: text,
  allowed: z.boolean(),
  rule: text,
  cure: text,
  reason: text.optional(),
});

function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new FrameError(`not a ${what}: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`);
}

/** A report's header as the supervisor may use it. @throws FrameError */
export function parseReport(header: unknown): Report {
  // Output is most of what a cell reports; this is the schema of its header, written out.
  const { type, channel } = header as { type?: unknown; channel?: unknown };
  if (type === "stdio" && (channel === 1 || channel === 2)) return { type, channel };
  return parse(report as z.ZodType<Report>, header, "report");
}

/** What a permission function may be asked. @throws FrameError */
export const parsePermissionRequest = (value: unknown): PermissionRequest =>
  parse(permissionRequest as z.ZodType<PermissionRequest>, value, "permission request");

/** A line of the decision log. @throws FrameError */
export const parseDecision = (value: unknown): Decision => parse(decision as z.ZodType<Decision>, value, "decision");
