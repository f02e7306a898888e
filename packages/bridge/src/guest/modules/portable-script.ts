import { STEP, THIS } from "../../contract/index.ts";
import { append } from "../lib/define.ts";
import { standingFor } from "../lib/frames.ts";
import { keepScript } from "../lib/script-sources.ts";
import { mathMax, NumberProto, RegExpProto, StringProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import type { Run } from "./compile.ts";
import { dynamicImporter } from "./dynamic-import.ts";
import { portableContext } from "./portable-context.ts";
import { noteLexicals } from "./portable-inspector.ts";
import { mainStage, type Origin, OutOfTime, runSteps, runWhole, type Stage, StageLost } from "./script-runner.ts";
import { NOTHING, replaceAt, type Shape, shapeOf } from "./script-shape.ts";
import { keptOf, partFunctions, type Steps, stepsOf } from "./script-steps.ts";
import { addCallers, showPlace } from "./thrown-place.ts";
import { timedOut } from "./timed-out.ts";

const { encodeURIComponent: encode } = globalThis;

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
export const finisher = ({ filename, line, column }: Origin): ((source: string) => string) => {
  const before = padding(line, "\n") + padding(column, " ");
  const url = urlOf(filename);
  return (source) => `${before}${source}\n//# sourceURL=${url}`;
};

/** A script of `vm` without the native helper, compiled anew for each run. */
export class PortableScript implements Run {
  readonly #realm: Realm;
  readonly #source: string;
  readonly #origin: Origin;
  readonly #symbol: symbol;
  /** Undefined until it is asked for; null where nobody can read the source. */
  #shape: Shape | null | undefined;

  /** @param symbol tells the loader who calls `import()` in it */
  constructor(realm: Realm, source: string, origin: Origin, symbol: symbol) {
    this.#realm = realm;
    this.#source = source;
    this.#origin = origin;
    this.#symbol = symbol;
  }

  cache(): Uint8Array | undefined {
    const { filename, line, column } = this.#origin;
    return this.#realm.sys.engine.checkScript(this.#source, filename, line, column, undefined, true)[1] as
      | Uint8Array
      | undefined;
  }

  run(displayErrors: boolean, _from: unknown, global?: object, timeout = -1): unknown {
    const context = global && portableContext(global);
    if (this.#shape === undefined) this.#shape = shapeOf(this.#realm, this.#source) ?? null;
    const shape = this.#shape;
    const limit = mathMax(timeout, 0);
    keepScript(urlOf(this.#origin.filename), this.#source, this.#origin.line);
    try {
      if (!context) return this.#runOn(mainStage, this.#importing(mainStage, this.#source), shape, limit);
      const source = this.#importing(context, shape ? replaceAt(this.#source, shape.receivers, THIS) : this.#source);
      const enter = (): unknown => this.#runOn(context, source, shape, limit);
      return context.around(shape ?? NOTHING, limit, standingFor(this.#origin.filename, enter));
    } catch (error) {
      if (error instanceof OutOfTime) throw timedOut(timeout);
      if (typeof error === "object" && error !== null) {
        if (context) addCallers(error, context.inner.errorPrototype);
        if (displayErrors) showPlace(this.#realm, error);
      }
      throw error;
    }
  }

  /** The source with what `import()` calls, under a name of its own, for this run. */
  #importing(stage: Stage, source: string): string {
    const imports = this.#shape?.imports ?? [];
    if (imports.length === 0) return source;
    const name = importerName();
    const importer = dynamicImporter(this.#realm, this.#symbol, this.#origin.filename);
    const steps = [{ source: "", counts: false, value: importer }];
    try {
      runSteps(this.#realm, stage, { skeleton: `const ${name} = ${STEP}(0);`, steps }, this.#origin, (text) => text, 0);
    } catch (error) {
      if (error instanceof StageLost) return source;
      throw error;
    }
    return replaceAt(source, imports, name);
  }

  #runOn(stage: Stage, source: string, shape: Shape | null, timeout: number): unknown {
    const realm = this.#realm;
    const finish = finisher(this.#origin);
    try {
      if (shape) noteLexicals(realm, stage.id, shape.lexicals);
      if (shape === null) return runWhole(realm, stage, source, this.#origin, timeout);
      // Strict code keeps what it declares to itself, where eval runs it.
      const isLocal = shape.strict && shape.declared.length > 0;
      if (isLocal && shape.nested) return runWhole(realm, stage, source, this.#origin, timeout);
      const isCut = isLocal || shape.lexicals.length > 0 || hasOwnDeletes(shape);
      const parts = isCut ? stepsOf(source, shape) : timeout > 0 ? oneStep(source) : undefined;
      if (parts) return runSteps(realm, stage, parts, this.#origin, finish, timeout);
    } catch (error) {
      if (!(error instanceof StageLost)) throw error;
    }
    const parts = stage.id !== 0 && shape ? partFunctions(source, shape) : undefined;
    if (!parts) return stage.evaluate(finish(source));
    stage.evaluate(finish(parts[0]));
    stage.settle();
    return stage.evaluate(finish(parts[1]));
  }
}

let lastImporter = 0;
const DIGITS = 5;

/** A variable that is as long as `import`. */
function importerName(): string {
  lastImporter += 1;
  return `\u00ef${StringProto.padStart(NumberProto.toString(lastImporter, 36), DIGITS, "0")}`;
}

/** Whether it deletes a variable it declares: V8 keeps those of scripts, and gives up those of eval. */
const hasOwnDeletes = ({ declared, deleted }: Shape): boolean => keptOf(declared, deleted).length > 0;

const oneStep = (source: string): Steps => {
  const steps: { source: string; counts: boolean }[] = [];
  append(steps, { source, counts: true });
  return { skeleton: `${STEP}(0);`, steps };
};
