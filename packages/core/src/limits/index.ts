export { Budget, type BudgetUsage } from "./budget.ts";
export {
  type LimitName,
  type LimitOptions,
  type Limits,
  limitNames,
  limitProblem,
  limitTable,
  resolveLimits,
} from "./limits.ts";
