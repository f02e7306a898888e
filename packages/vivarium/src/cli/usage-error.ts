/** A command line that cannot be understood. The command ends with Node's own code for that, 9. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
