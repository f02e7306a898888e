// Starts node with one command line after another, and prints what each prints and how it ends. A command line: its
// arguments, then its environment beside its `input`.
"use strict";
const { spawnSync } = require("node:child_process");

const clean = (text) =>
  text
    .replaceAll(process.execPath, "NODE")
    .replaceAll(process.cwd(), "CWD")
    .replaceAll(/\(node:\d+\)/g, "(node:PID)");

module.exports = (lines) => {
  for (const [args, given = {}] of lines) {
    const { input = "", ...env } = given;
    const child = spawnSync(process.execPath, args, { argv0: "node", env, input, encoding: "utf8" });
    console.log(JSON.stringify(args), JSON.stringify(env), child.status, child.signal);
    if (child.stdout) console.log("out:", clean(child.stdout));
    if (child.stderr) console.log("err:", clean(child.stderr));
  }
};
