// Recursive mkdir of paths that leave again what they make, and in a working directory that is gone.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const base = fs.mkdtempSync(path.join(os.tmpdir(), "mkdir-"));
process.chdir(base);
const name = path.basename(base);
const show = (text) => text?.replaceAll(name, "BASE");
const attempt = (run) => {
  try {
    console.log(show(run()), fs.existsSync(".") ? fs.readdirSync(".").join(" ") : "gone");
  } catch (error) {
    console.log(error.code, error.syscall, show(error.message));
  }
};

fs.writeFileSync("file", "");
const paths = ["a/../b/c", `x/../../${name}/y`, "f/../z", "q/./r", "q2/..", "b/c/../../n/m/..", "k/../b", "file/../z2"];
for (const made of paths) attempt(() => fs.mkdirSync(made, { recursive: true }));
attempt(() => fs.mkdirSync("file", { recursive: true }));
attempt(() => fs.mkdirSync("nothing/../here"));
fs.mkdirSync("cwd");
process.chdir("cwd");
fs.rmdirSync(path.join(base, "cwd"));
attempt(() => fs.mkdirSync("X", { recursive: true }));
fs.rmSync(base, { recursive: true });
