import { append } from "../lib/define.ts";
import { ArrayProto } from "../primordials.ts";
import type { ParsedOptions } from "./parse.ts";

type Values = ParsedOptions["values"];
/** -> what is wrong, or nothing */
type Rule = (values: Values, script: string | undefined) => string | false | undefined;

const given = (values: Values, name: string): boolean =>
  values[name] !== undefined && values[name] !== false && values[name] !== "";

const oneOf =
  (name: string, allowed: readonly string[], message = `invalid value for ${name}`): Rule =>
  (values) =>
    given(values, name) && !ArrayProto.includes(allowed, values[name]) && message;

const notBoth =
  (one: string, other: string, otherName = other): Rule =>
  (values) =>
    given(values, one) && given(values, other) && `either ${one} or ${otherName} can be used, not both`;

const needs =
  (name: string, other: string): Rule =>
  (values) =>
    values[name] !== undefined && !given(values, other) && `${name} must be used with ${other}`;

const powerOfTwo =
  (name: string, condition: string): Rule =>
  (values) => {
    const value = values[name];
    const size = values[condition];
    if (typeof value !== "number" || typeof size !== "number" || size <= 0) return false;
    return (value & (value - 1)) !== 0 && `${name} must be a power of 2`;
  };

const EVAL = "[has_eval_string]";

/** What cannot be asked for together (`CheckOptions` of src/node_options.cc), in Node's order. */
const RULES: readonly Rule[] = [
  notBoth("--use-openssl-ca", "--use-bundled-ca"),
  powerOfTwo("--secure-heap", "--secure-heap"),
  powerOfTwo("--secure-heap-min", "--secure-heap"),
  oneOf("--use-largepages", ["off", "on", "silent"]),
  (values) =>
    (values["--heapsnapshot-near-heap-limit"] as number) < 0 && "--heapsnapshot-near-heap-limit must not be negative",
  oneOf(
    "--input-type",
    ["commonjs", "module", "commonjs-typescript", "module-typescript"],
    '--input-type must be "module","commonjs", "module-typescript" or "commonjs-typescript"',
  ),
  oneOf(
    "--experimental-default-type",
    ["commonjs", "module"],
    '--experimental-default-type must be "module" or "commonjs"',
  ),
  notBoth("--check", EVAL, "--eval"),
  oneOf("--unhandled-rejections", ["warn-with-error-code", "throw", "strict", "warn", "none"]),
  notBoth("--tls-min-v1.3", "--tls-max-v1.2"),
  oneOf("--trace-require-module", ["all", "no-node-modules", "1", "0"]),
  (values) => {
    if (!given(values, "--test")) return false;
    return (
      oneOf("--experimental-test-isolation", ["none", "process"])(values, undefined) ||
      notBoth("--test", "--check")(values, undefined) ||
      notBoth("--test", EVAL, "--eval")(values, undefined) ||
      notBoth("--test", "--interactive")(values, undefined) ||
      (given(values, "--watch-path") && "--watch-path cannot be used in combination with --test")
    );
  },
  (values, script) => {
    if (!given(values, "--watch")) return false;
    return (
      notBoth("--watch", "--check")(values, undefined) ||
      notBoth("--watch", EVAL, "--eval")(values, undefined) ||
      notBoth("--watch", "--interactive")(values, undefined) ||
      notBoth("--watch", "--test-force-exit")(values, undefined) ||
      (!given(values, "--test") && !script && "--watch requires specifying a file")
    );
  },
  needs("--cpu-prof-name", "--cpu-prof"),
  needs("--cpu-prof-dir", "--cpu-prof"),
  needs("--cpu-prof-interval", "--cpu-prof"),
  needs("--heap-prof-name", "--heap-prof"),
  needs("--heap-prof-dir", "--heap-prof"),
  needs("--heap-prof-interval", "--heap-prof"),
];

/** Looks at options together, and says what is wrong with them. */
export function checkOptions({ values, errors }: ParsedOptions, script: string | undefined): void {
  for (let i = 0; i < RULES.length; i++) {
    const error = (RULES[i] as Rule)(values, script);
    if (error) append(errors, error);
  }
}
