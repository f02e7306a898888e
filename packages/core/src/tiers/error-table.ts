import { type ErrorEntry, sandboxErrors } from "../errors/codes.ts";
import { enabledBy, unsupportedCodes } from "./config.ts";
import { registry } from "./registry.ts";

const names = (list: readonly string[]): string => list.map((name) => `\`${name}\``).join(", ");

/** What of a module a profile refuses, in words. */
function refusals(module: string): readonly string[] {
  const facts = registry[module];
  if (facts === undefined) return [];
  const { baseline, never } = facts;
  const apis = Object.keys(baseline.apis ?? {});
  return [
    ...(baseline.tier === 5 ? [`\`${module}\` cannot be required under \`compat: "baseline"\`.`] : []),
    ...(apis.length > 0 ? [`Under \`compat: "baseline"\` these of \`${module}\` throw: ${names(apis)}.`] : []),
    ...(never === undefined ? [] : [`Of \`${module}\` no profile carries: ${never}.`]),
  ];
}

/** Full lifts what baseline refuses; what no profile carries has no option. */
const cureOf = (modules: readonly string[]): string => {
  const refused = modules.some((module) => {
    const baseline = registry[module]?.baseline;
    return baseline?.tier === 5 || baseline?.apis !== undefined;
  });
  if (!refused) return "None: use another API.";
  return modules.every((module) => enabledBy(module) !== undefined)
    ? 'Use `compat: "full"` (`--compat full`).'
    : "None.";
};

const unsupportedEntries = (): readonly ErrorEntry[] =>
  [...unsupportedCodes()].map(([code, modules]) => ({
    code,
    area: modules[0] ?? "",
    meaning: modules.flatMap(refusals).join(" "),
    cure: cureOf(modules),
  }));

/** Every stable code, those of unsupported modules included. docs/errors.md has a heading for each. */
export const errorTable: readonly ErrorEntry[] = [...sandboxErrors, ...unsupportedEntries()];
