import { z } from "zod";

/** A message of these schemas follows the option's name: "must be ...", "is not an option ...". */
const must = (text: string) => ({ error: () => `must ${text}` });

/** Edits between two names, at most `limit + 1` (Levenshtein). */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1] ? 0 : 1;
      next.push(Math.min((row[j - 1] ?? 0) + same, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/** The known name closest to a wrong one, if any is close: a slip, another case, or the same start. */
export function didYouMean(name: string, known: readonly string[]): string | undefined {
  const wrong = plain(name);
  const scored = known.map((candidate) => {
    const right = plain(candidate);
    const prefix = wrong.length >= 3 && (right.startsWith(wrong) || wrong.startsWith(right));
    return { candidate, score: prefix ? 1 : distance(wrong, right) };
  });
  const best = scored.sort((a, b) => a.score - b.score)[0];
  return best !== undefined && best.score <= Math.max(2, Math.floor(wrong.length / 3)) ? best.candidate : undefined;
}

const unknownKeys = (keys: readonly string[], known: readonly string[]): string => {
  const parts = keys.map((key) => {
    const near = didYouMean(key, known);
    return near === undefined ? `${key} (known: ${known.join(", ")})` : `${key} (did you mean ${near}?)`;
  });
  return `has no option ${parts.join(", ")}`;
};

/** An object with exactly these options. */
export const options = <T extends z.core.$ZodLooseShape>(shape: T) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? unknownKeys(issue.keys, Object.keys(shape)) : "must be an object",
  });

export const text = (what = "a string") =>
  z.string(must(`be ${what}`)).refine((value) => !value.includes("\0"), must("not contain a NUL character"));

export const bool = z.boolean(must("be true or false"));

/** A whole number in a range. */
export const whole = (min: number, max: number, unit = "") =>
  z.custom<number>(
    (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
    must(
      `be a whole number ${max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`}${unit && ` (${unit})`}`,
    ),
  );

export const func = <T>(signature: string) =>
  z.custom<T>((value) => typeof value === "function", must(`be a function ${signature}`));

/** A value checked by hand: the check returns what is wrong, worded to follow "must". */
export const checked = <T>(problem: (value: unknown) => string | undefined) =>
  z.custom<T>().superRefine((value, context) => {
    const wrong = problem(value);
    if (wrong !== undefined) context.addIssue({ code: "custom", message: `must ${wrong}` });
  });

export const list = <T extends z.ZodType>(item: T, what: string) => z.array(item, must(`be an array of ${what}`));

/** Takes these values as they are and everything else to a schema, whose messages then are the exact ones. */
export const either = <T>(takes: (value: unknown) => boolean, otherwise: z.ZodType) =>
  z.custom<T>().superRefine((value, context) => {
    if (takes(value)) return;
    for (const { message, path } of otherwise.safeParse(value).error?.issues ?? [])
      context.addIssue({ code: "custom", message, path: [...path] });
  });

export { must };
