import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundle } from "esbuild";
import { patch, patches } from "./patches.ts";
import { parametersOf, stripComments } from "./strip.ts";

interface Extract {
  readonly natives: Readonly<Record<string, string>>;
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** V8's profiling tools are modules of their own that no program can require. */
const V8_TOOLS = "internal/deps/v8/tools/";

const here = path.dirname(fileURLToPath(import.meta.url));
const packageRoot = path.resolve(here, "../..");

/** Runs the pinned Node over itself and reads what it has. */
function extract(node: string): Extract {
  const child = spawnSync(
    node,
    ["--no-warnings", "--expose-internals", path.join(packageRoot, "src/library/extract.cjs")],
    {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      env: {},
    },
  );
  if (child.status !== 0) throw new Error(`reading Node's library failed:\n${child.stderr}`);
  return JSON.parse(child.stdout) as Extract;
}

/**
 * llhttp in WebAssembly, base64: the one undici brings, which has a switch for each of Node's lenient flags. It is one patch
 * version behind Node's own: a tab after a `Content-Length` or a word of `Connection` is not white space to it. The guest's
 * HTTP parser runs on it; `manifest` carries it, so that it is read only where a parser is made.
 */
function llhttpImage(): string {
  const text = readFileSync(fileURLToPath(import.meta.resolve("undici/lib/llhttp/llhttp-wasm.js")), "latin1");
  const image = /'(AGFzbQ[A-Za-z0-9+/=]+)'/.exec(text)?.[1];
  if (image === undefined) throw new Error("undici has no llhttp in WebAssembly");
  return image;
}

/** Bundles code that runs in the isolate into one ASCII expression, whose value is one of its exports. */
async function bundleExport(entry: string, name: string, strict: boolean): Promise<string> {
  const result = await bundle({
    entryPoints: [path.join(packageRoot, entry)],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "bundle",
    target: "esnext",
    charset: "ascii",
    platform: "neutral",
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
  });
  const [file] = result.outputFiles;
  if (!file) throw new Error("esbuild gave no output");
  // Strict: nobody who is called learns its caller.
  return `(function () {${strict ? '"use strict";' : ""}${file.text}\nreturn bundle.${name};})()`;
}

/** Writes a file of ASCII text so that whoever reads meanwhile sees the old one or the new one. */
function replaceFile(file: string, text: string): void {
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, text, "latin1");
  renameSync(fresh, file);
}

/**
 * Builds `dist/library`: `sources.txt` holds every library module, ready to compile, one after the other;
 * `index.json` says where each begins; `manifest.json` holds the shape of Node's bindings; `guest.js` is the guest bundle,
 * `context.js` that of a context of `vm` in patch mode.
 */
export async function buildLibrary(node: string): Promise<void> {
  const out = path.join(packageRoot, "dist/library");
  mkdirSync(out, { recursive: true });
  const { natives, manifest, facts } = extract(node);
  for (const { id } of patches) if (!(id in natives)) throw new Error(`patched module ${id} does not exist`);
  const index: Record<string, readonly [offset: number, length: number, prefix: number]> = {};
  let sources = "";
  for (const id of Object.keys(natives)) {
    if (id.startsWith(V8_TOOLS)) continue;
    const prefix = `(function (${parametersOf(id)}) {`;
    const wrapped = `${prefix}${stripComments(patch(id, natives[id] ?? ""))}\n})`;
    index[id] = [sources.length, wrapped.length, prefix.length];
    sources += `${wrapped}\n`;
  }
  const write = (name: string, text: string): void => replaceFile(path.join(out, name), text);
  write("sources.txt", sources);
  write("index.json", JSON.stringify(index));
  write("manifest.json", JSON.stringify({ manifest: { ...manifest, llhttp: llhttpImage() }, facts }));
  write("guest.js", await bundleExport("src/guest/main.ts", "boot", false));
  write("context.js", await bundleExport("src/guest/context/main.ts", "enterContext", true));
  const licence = path.resolve(path.dirname(node), "../LICENSE");
  if (existsSync(licence)) copyFileSync(licence, path.join(out, "LICENSE.nodejs"));
  copyFileSync(fileURLToPath(import.meta.resolve("undici/LICENSE")), path.join(out, "LICENSE.undici"));
  write("package.json", `${JSON.stringify({ type: "commonjs" })}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildLibrary(process.execPath);
