import { type LimitName, limitTable } from "../../limits/index.ts";

/** What is told beside the system's errno where a limit of the network, and not the network itself, says no. */
export const overBudget = (name: LimitName, limit: number) =>
  ({
    sandboxCode: "ERR_SANDBOX_BUDGET_EXCEEDED",
    detail: `limits.${name} of ${limit} ${limitTable[name].unit} is reached; raise it with options.limits.${name}`,
  }) as const;
