/** A call on a runtime after its `dispose()`. */
export class RuntimeDisposedError extends Error {
  override readonly name = "RuntimeDisposedError";
  readonly code = "ERR_SANDBOX_DISPOSED";

  constructor() {
    super("this runtime was disposed; create a new one");
  }
}
