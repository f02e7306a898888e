import { CASE_GROUPS } from "./case-groups.ts";
import { compareCases } from "./compare-cases.ts";

const elsewhere: readonly string[] = ["v8", "vm", "repl"];

compareCases(
  [...CASE_GROUPS.values, ...CASE_GROUPS.files].filter((module) => !elsewhere.includes(module)),
  { nativeHelper: false },
);
