/** Packages that ship native code, and what to use instead (`""`: nothing pure is known). */
const ALTERNATIVES: Readonly<Record<string, string>> = {
  "@swc/core": "typescript (transpileModule) or @babel/core",
  "better-sqlite3": "sql.js",
  bcrypt: "bcryptjs",
  canvas: "",
  esbuild: "esbuild-wasm",
  next: "",
  "node-sass": "sass",
  rollup: "@rollup/wasm-node",
  "sass-embedded": "sass",
  sharp: "jimp",
  tailwindcss: "tailwindcss@3",
  vite: "webpack",
};

/** Packages that carry another's binaries, by how their names begin. */
const CARRIERS: readonly (readonly [prefix: string, owner: string])[] = [
  ["@esbuild/", "esbuild"],
  ["@img/sharp-", "sharp"],
  ["@napi-rs/canvas", "canvas"],
  ["@next/swc-", "next"],
  ["@rollup/rollup-", "rollup"],
  ["@swc/core-", "@swc/core"],
  ["@tailwindcss/oxide", "tailwindcss"],
  ["sass-embedded-", "sass-embedded"],
];

/** The package a guest path lies in: the name after its last `node_modules`. */
function packageOf(path: string): string {
  const parts = path.split("/");
  const at = parts.lastIndexOf("node_modules");
  const first = at === -1 ? undefined : parts[at + 1];
  if (first === undefined) return parts.at(-1) ?? path;
  return first.startsWith("@") ? `${first}/${parts[at + 2] ?? ""}` : first;
}

/** -> the package a `.node` file belongs to, and a pure alternative or `""`. */
export function adviseOnAddon(path: string): readonly [name: string, alternative: string] {
  const found = packageOf(path);
  const owner = CARRIERS.find(([prefix]) => found.startsWith(prefix))?.[1] ?? found;
  return [owner, Object.hasOwn(ALTERNATIVES, owner) ? (ALTERNATIVES[owner] ?? "") : ""];
}
