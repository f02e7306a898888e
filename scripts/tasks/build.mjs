// Builds what the workspace runs from: the guest's library and snapshot, the cell and the command. Each part is skipped
// when nothing it is made of has changed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const inRoot = (...parts) => path.join(root, ...parts);

/** A hash over files by glob, the lockfile and the Node that builds. */
function fingerprint(patterns) {
  const hash = createHash("sha256")
    .update(process.version)
    .update(readFileSync(inRoot("pnpm-lock.yaml")));
  const files = globSync(patterns, { cwd: root })
    .filter((file) => !file.endsWith(".test.ts"))
    .sort();
  for (const file of files) hash.update(file).update(readFileSync(inRoot(file)));
  return hash.digest("hex");
}

/** Runs one part of the build unless its inputs and outputs are as the last time. */
async function part(name, inputs, output, make) {
  const stamp = inRoot(".cache/build", name);
  const wanted = fingerprint([...inputs, "scripts/tasks/build.mjs"]);
  if (existsSync(inRoot(output)) && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  const started = performance.now();
  await make();
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
  process.stderr.write(`built ${name} in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}

function node(...args) {
  const child = spawnSync(process.execPath, ["--conditions=@vivarium/source", ...args], {
    cwd: root,
    stdio: "inherit",
  });
  if (child.status !== 0) throw new Error(`${args.join(" ")} failed`);
}

/** What stands before the code of a bundle, by its format, so that both formats have `require` and `import.meta.url`. */
const FORMATS = {
  esm: {
    banner:
      'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  cjs: {
    banner: 'const __url = require("node:url").pathToFileURL(__filename).href;',
    define: { "import.meta.url": "__url" },
  },
};

/** Bundles one entry with everything of ours and of the registry in it, but isolated-vm, which is native. */
async function bundle(entry, outfile, format, firstLine = "", keepNames = false) {
  const { banner, define = {} } = FORMATS[format];
  const { build } = createRequire(inRoot("package.json"))("esbuild");
  await build({
    entryPoints: [inRoot(entry)],
    outfile: inRoot(outfile),
    bundle: true,
    platform: "node",
    format,
    define,
    target: "node22",
    conditions: ["@vivarium/source"],
    external: ["isolated-vm"],
    sourcemap: "linked",
    legalComments: "linked",
    minifyWhitespace: true,
    minifySyntax: true,
    keepNames,
    banner: { js: `${firstLine}${banner}` },
  });
}

/** The native helper needs a C++ compiler; without one the guest runs in patch mode, which is complete but less exact. */
function helper() {
  const out = inRoot(`packages/bridge/dist/library/helper-${process.version}-${process.platform}-${process.arch}.node`);
  const headers = path.resolve(path.dirname(process.execPath), "../include/node");
  // Node ships no header of V8's inspector; isolated-vm brings it.
  const engine = inRoot("packages/core/node_modules/isolated-vm");
  const include = [headers, path.join(engine, "src"), path.join(engine, "vendor")].map((dir) => `-I${dir}`);
  const compiler = process.env.CXX ?? (process.platform === "darwin" ? "clang++" : "g++");
  const link = process.platform === "darwin" ? ["-undefined", "dynamic_lookup"] : [];
  const flags = ["-shared", "-fPIC", "-std=c++20", "-O2", "-fno-rtti", "-fvisibility=hidden", ...link];
  const child = existsSync(headers)
    ? spawnSync(compiler, [...flags, "-o", out, inRoot("packages/core/native/helper.cc"), ...include], {
        encoding: "utf8",
      })
    : { error: new Error("no Node headers"), status: 1, stderr: "" };
  if (child.status === 0) return;
  const why = child.error
    ? child.error.message
    : (child.stderr.split("\n").find((line) => line.includes("error")) ?? "it failed");
  process.stderr.write(`native helper not built (${why}); guests run in patch mode\n`);
}

export async function build() {
  await part("library", ["packages/bridge/src/**/*.{ts,cjs}"], "packages/bridge/dist/library/index.json", () =>
    node("packages/bridge/src/library/build.ts"),
  );
  await part("helper", ["packages/core/native/*"], "packages/bridge/dist/library/index.json", helper);
  await part(
    "snapshot",
    ["packages/bridge/src/**/*.{ts,cjs}", "packages/core/src/engine/*.ts"],
    "packages/bridge/dist/library/guest.js",
    () => node("packages/core/src/engine/build-snapshot.ts"),
  );
  const sources = ["packages/*/src/**/*.ts"];
  // CommonJS: Node starts it without its loader of ES modules, which is 4 MiB and a quarter of the way to a booted cell.
  await part("cell", sources, "packages/node-driver/dist/cell.cjs", async () => {
    const entries = { "cell-program": "cell", cell: "boot/start", "cell-record": "boot/record" };
    for (const [name, source] of Object.entries(entries))
      await bundle(`packages/node-driver/src/${source}.ts`, `packages/node-driver/dist/${name}.cjs`, "cjs");
    // Windows has no signal to tell the recording cell that it is done; cells there compile as they go.
    if (process.platform !== "win32") node("packages/node-driver/src/boot/build-cache.ts");
  });
  await part("command", sources, "packages/vivarium/dist/cli.js", () =>
    bundle("packages/vivarium/src/cli.ts", "packages/vivarium/dist/cli.js", "esm", "#!/usr/bin/env node\n"),
  );
  await part("sdk", sources, "packages/vivarium/dist/index.js", () =>
    // Classes by the names they are exported under, which errors and inspection show.
    bundle("packages/vivarium/src/index.ts", "packages/vivarium/dist/index.js", "esm", "", true),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
