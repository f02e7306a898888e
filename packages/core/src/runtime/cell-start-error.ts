/** A cell could not be started: the installation or the `nodePath` option is at fault, never guest code. */
export class CellStartError extends Error {
  override readonly name = "CellStartError";
  readonly code = "ERR_SANDBOX_CELL_START";
  /** What the process wrote to its standard error. */
  readonly stderr: string;

  constructor(reason: string, stderr: string) {
    const firstLines = stderr.trim().split("\n").slice(0, 8).join("\n");
    const cure =
      "it runs on the embedder's own Node or that of options.nodePath, for which isolated-vm has to be built";
    super(
      `the sandbox's process could not be started: ${reason}; ${cure}${firstLines === "" ? "" : `\n${firstLines}`}`,
    );
    this.stderr = stderr;
  }
}
