import { STEP, THIS } from "../../contract/index.ts";
import { append } from "../lib/define.ts";
import { mathMax, RegExpProto, StringProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import type { Run } from "./compile.ts";
import { portableContext } from "./portable-context.ts";
import { type Origin, OutOfTime, runSteps, runWhole, type Stage, StageLost } from "./script-runner.ts";
import { replaceAt, type Shape, shapeOf } from "./script-shape.ts";
import { type Steps, stepsOf } from "./script-steps.ts";
import { addCallers, showPlace } from "./thrown-place.ts";
import { timedOut } from "./timed-out.ts";

// Taken before any program runs; called without a receiver, it is indirect eval.
const { eval: evaluate, encodeURIComponent: encode } = globalThis;

const mainStage: Stage = { id: 0, evaluate: (source) => evaluate(source) };

const UNNAMEABLE = /[\s"'`]/;
/** So many empty lines at most are put before a source to give its lines their numbers. */
const MOST_PADDING = 100_000;

const padding = (size: number, unit: string): string =>
  size > 0 && size <= MOST_PADDING ? StringProto.repeat(unit, size) : "";

/** A name as a source URL can have it: V8 takes none with spaces or quotes. */
function urlOf(filename: string): string {
  if (RegExpProto.exec(UNNAMEABLE, filename) === null) return filename;
  let url = "";
  for (let i = 0; i < filename.length; i++) {
    const char = filename[i] as string;
    url += RegExpProto.exec(UNNAMEABLE, char) === null ? char : encode(char);
  }
  return url;
}

/** What indirect eval takes to show a source under its name and at its lines. */
const finisher = ({ filename, line, column }: Origin): ((source: string) => string) => {
  const before = padding(line, "\n") + padding(column, " ");
  const url = urlOf(filename);
  return (source) => `${before}${source}\n//# sourceURL=${url}`;
};

const EMPTY: Shape = {
  strict: false,
  lexical: false,
  body: [],
  declared: [],
  deleted: [],
  receivers: [],
  imports: [],
};

/** A script of `vm` without the native helper, compiled anew for each run. */
export class PortableScript implements Run {
  readonly #realm: Realm;
  readonly #source: string;
  readonly #origin: Origin;
  /** Undefined until it is asked for; null where nobody can read the source. */
  #shape: Shape | null | undefined;

  constructor(realm: Realm, source: string, origin: Origin) {
    this.#realm = realm;
    this.#source = source;
    this.#origin = origin;
  }

  cache(): undefined {
    return undefined;
  }

  run(displayErrors: boolean, _from: unknown, global?: object, timeout = -1): unknown {
    const context = global && portableContext(global);
    if (this.#shape === undefined) this.#shape = shapeOf(this.#realm, this.#source) ?? null;
    const shape = this.#shape;
    const limit = mathMax(timeout, 0);
    try {
      if (!context) return this.#runOn(mainStage, this.#source, shape, limit);
      const source = shape ? replaceAt(this.#source, shape.receivers, THIS) : this.#source;
      return context.around(shape ?? EMPTY, () => this.#runOn(context, source, shape, limit));
    } catch (error) {
      if (error instanceof OutOfTime) throw timedOut(timeout);
      if (typeof error === "object" && error !== null) {
        if (context) addCallers(error, context.inner.errorPrototype);
        if (displayErrors) showPlace(this.#realm, error, this.#source, this.#origin);
      }
      throw error;
    }
  }

  #runOn(stage: Stage, source: string, shape: Shape | null, timeout: number): unknown {
    const realm = this.#realm;
    const finish = finisher(this.#origin);
    try {
      if (shape === null) return runWhole(realm, stage, source, this.#origin, timeout);
      const isLocal = shape.strict && shape.declared.length > 0;
      // Strict code keeps what it declares to itself, where eval runs it.
      if (isLocal) return runWhole(realm, stage, source, this.#origin, timeout);
      const parts = shape.lexical ? stepsOf(source, shape) : timeout > 0 ? oneStep(source) : undefined;
      if (parts) return runSteps(realm, stage, parts, this.#origin, finish, timeout);
    } catch (error) {
      if (!(error instanceof StageLost)) throw error;
    }
    return stage.evaluate(finish(source));
  }
}

const oneStep = (source: string): Steps => {
  const steps: { source: string; counts: boolean }[] = [];
  append(steps, { source, counts: true });
  return { skeleton: `${STEP}(0);`, steps };
};
