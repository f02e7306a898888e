import { putHidden } from "../lib/define.ts";
import { NativeProxy } from "../lib/intrinsics.ts";
import { objectSetPrototypeOf, reflectGetPrototypeOf } from "../primordials.ts";

/** A constructor as it was, but that it makes nothing. */
function refusing<F extends object>(maker: F, refuse: () => never): F {
  const handler: ProxyHandler<F> = { apply: refuse, construct: refuse };
  objectSetPrototypeOf(handler, null);
  return new NativeProxy(maker, handler);
}

/** Code from strings is refused (`codeGeneration.strings: false`). */
export function forbidStrings(global: typeof globalThis): void {
  const { EvalError: Refusal } = global;
  const refuse = (): never => {
    throw new Refusal("Code generation from strings disallowed for this context");
  };
  const { eval: refusingEval } = {
    eval: (source: unknown): unknown => (typeof source === "string" ? refuse() : source),
  };
  putHidden(global, "eval", refusingEval);
  const kinds = [() => {}, async () => {}, function* () {}, async function* () {}];
  for (let i = 0; i < kinds.length; i++) {
    const prototype = reflectGetPrototypeOf(kinds[i] as object) as { constructor: object };
    putHidden(prototype, "constructor", refusing(prototype.constructor, refuse));
  }
  putHidden(global, "Function", global.Function.prototype.constructor);
}

interface Wasm {
  readonly Module: object;
  readonly CompileError: new (message: string) => Error;
}

/** WebAssembly is refused (`codeGeneration.wasm: false`). */
export function forbidWasm(wasm: Wasm | undefined): void {
  if (!wasm) return;
  const refuse = (): never => {
    throw new wasm.CompileError("WebAssembly.Module(): Wasm code generation disallowed by embedder");
  };
  putHidden(wasm, "Module", refusing(wasm.Module, refuse));
}
