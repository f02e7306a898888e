import type { Caught } from "../realm.ts";

/** One import of a module: what it asks for, and how. */
export interface ModuleRequest {
  readonly specifier: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Module::Status of v8-script.h, as the binding's constants have it. */
export const Status = {
  uninstantiated: 0,
  instantiating: 1,
  instantiated: 2,
  evaluating: 3,
  evaluated: 4,
  errored: 5,
} as const;

/** What a `ModuleWrap` stands for: a module as V8 has it, reached through the native helper or through the host. */
export interface ModuleRecord {
  readonly requests: readonly ModuleRequest[];
  /** @param records what the requests stand for, in order */
  link(records: readonly ModuleRecord[]): void;
  /** @throws SyntaxError of a link that failed */
  instantiate(): void;
  /** Whether anything in the graph awaits at its top level. */
  isGraphAsync(): boolean;
  hasTopLevelAwait(): boolean;
  /** Settles when the graph's top-level awaits are through. */
  evaluate(timeout?: number): Promise<undefined>;
  /** Evaluates a graph without top-level await. @throws what its modules throw */
  evaluateSync(): void;
  /** Where the top-level awaits of its graph wait, as far as V8 tells. */
  stalled(): readonly Caught[];
  namespace(): unknown;
  status(): number;
  error(): unknown;
  /** Of a synthetic module. */
  setExport(name: string, value: unknown): void;
}

/** What a record needs of the wrap it belongs to. */
export interface ModuleHost {
  readonly url: string;
  /** The constructor that was called: stacks of its errors begin above it. */
  readonly maker: unknown;
  initializeMeta(meta: object): void;
  /** The evaluation steps of a synthetic module. */
  evaluateSteps(): void;
}
