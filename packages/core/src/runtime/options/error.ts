/** Options that do not fit. `problems` names each option, what it must be, and what came instead. */
export class OptionsError extends TypeError {
  readonly code = "ERR_SANDBOX_INVALID_OPTIONS";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.length === 1 ? problems[0] : `${problems.length} invalid options:\n  ${problems.join("\n  ")}`);
    this.name = "OptionsError";
    this.problems = problems;
  }
}
