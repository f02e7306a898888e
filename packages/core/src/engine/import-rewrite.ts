import { parse } from "es-module-lexer/js";

/** Stand-ins of the same length as what they replace, so that no column moves. */
export const STAND_IN = { import: "$imprt", meta: "$importMeta" } as const;

export interface Rewritten {
  readonly source: string;
  readonly usesImport: boolean;
  readonly usesMeta: boolean;
  /** Import attributes by specifier, as the static imports give them. */
  readonly attributes: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

const untouched = (source: string): Rewritten => ({
  source,
  usesImport: false,
  usesMeta: false,
  attributes: new Map(),
});

/** Nothing to find without the word: the common case for CommonJS. */
const mayImport = (source: string): boolean => source.includes("import");

/**
 * isolated-vm offers neither `import()` nor `import.meta` to code it compiles. Both are replaced by identifiers the
 * guest binds. A source the lexer cannot read is left alone: V8 then says what is wrong with it.
 */
export function rewriteImports(source: string): Rewritten {
  if (!mayImport(source)) return untouched(source);
  let imports: ReturnType<typeof parse>[0];
  try {
    [imports] = parse(source);
  } catch {
    return untouched(source);
  }
  let out = "";
  let from = 0;
  let usesImport = false;
  let usesMeta = false;
  const attributes = new Map<string, Readonly<Record<string, string>>>();
  for (const found of imports) {
    if (found.type === "dynamic" && found.phase === null) {
      out += source.slice(from, found.importStart) + STAND_IN.import;
      from = found.importStart + "import".length;
      usesImport = true;
    } else if (found.type === "import-meta") {
      const written = source.slice(found.importStart, found.importEnd);
      out += source.slice(from, found.importStart) + STAND_IN.meta.padEnd(written.length);
      from = found.importEnd;
      usesMeta = true;
    } else if (found.type === "static" && found.attributes) {
      attributes.set(found.specifier, Object.fromEntries(found.attributes));
    }
  }
  return { source: out + source.slice(from), usesImport, usesMeta, attributes };
}
