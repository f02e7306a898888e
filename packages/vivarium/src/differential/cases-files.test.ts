import { CASE_GROUPS } from "./case-groups.ts";
import { compareCases } from "./compare-cases.ts";

compareCases(CASE_GROUPS.files);
