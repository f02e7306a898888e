import { CASE_GROUPS } from "./case-groups.ts";
import { compareCases } from "./compare-cases.ts";

compareCases([...CASE_GROUPS.turns, ...CASE_GROUPS.streams, ...CASE_GROUPS.threads], { nativeHelper: false });
