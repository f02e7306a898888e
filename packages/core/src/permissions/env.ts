import type { EnvRequest } from "./requests.ts";
import type { PermissionFunction, Permissions } from "./rules.ts";
import type { SplitPermissions } from "./wire.ts";

type Env = Readonly<Record<string, string | undefined>>;

const rulesAllow = (rules: readonly string[], key: string): boolean => rules.includes(key) || rules.includes("*");

const collect = (entries: Iterable<readonly [string, string]>): Record<string, string> => {
  const kept: Record<string, string> = {};
  for (const [key, value] of entries) {
    // defineProperty: a variable may be called __proto__.
    Object.defineProperty(kept, key, { value, writable: true, enumerable: true, configurable: true });
  }
  return kept;
};

const present = (env: Env | undefined): [string, string][] =>
  Object.entries(env ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === "string");

/**
 * Keeps the variables `permissions.env` allows; without such a permission, none. A permission function must answer
 * at once here: a promise counts as no. Runtimes use `filterEnvAsync`, which waits.
 */
export function filterEnv(env: Env | undefined, permissions: Permissions | undefined): Record<string, string> {
  const rule = permissions?.env;
  if (rule === undefined || rule === false) return {};
  if (rule === true) return collect(present(env));
  if (typeof rule !== "function") return collect(present(env).filter(([key]) => rulesAllow(rule, key)));
  return collect(present(env).filter(([key, value]) => answersYes(rule, { domain: "env", op: "read", key, value })));
}

/** A function's answer where nobody can wait for it: only an immediate yes counts. */
function answersYes(rule: PermissionFunction<EnvRequest>, request: EnvRequest): boolean {
  try {
    const answer: unknown = rule(request);
    if (answer instanceof Promise) answer.catch(() => {});
    return answer === true || (typeof answer === "object" && answer !== null && Reflect.get(answer, "allow") === true);
  } catch {
    return false;
  }
}

/** As `filterEnv`, for permissions already split; waits for a permission function. A throw or rejection drops the key. */
export async function filterEnvAsync(
  env: Env | undefined,
  permissions: SplitPermissions,
): Promise<Record<string, string>> {
  const rule = permissions.wire.env;
  if (rule === undefined) return {};
  if (!("ask" in rule)) return collect(present(env).filter(([key]) => rulesAllow(rule, key)));
  const judged = await Promise.all(
    present(env).map(async ([key, value]) => {
      const { allow } = await permissions.answer({ domain: "env", op: "read", key, value });
      return allow ? ([key, value] as const) : undefined;
    }),
  );
  return collect(judged.filter((entry) => entry !== undefined));
}
