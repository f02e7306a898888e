// What watchers of a directory, of a file and of a directory in it hear of each change, in order. The first argument
// says where: the folder of the program or the temporary one. A file made after each step tells that all was heard.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const base = fs.mkdtempSync(path.join(process.argv[2] === "here" ? process.cwd() : os.tmpdir(), "watch-"));
const root = path.join(base, "root");
fs.mkdirSync(root);
const at = (...names) => path.join(root, ...names);
const heard = [];
let waiting;

const watch = (place, name) =>
  fs.watch(place, (event, file) => {
    if (file === waiting?.file && name === "root") waiting.resolve();
    else if (!file?.startsWith("mark")) heard.push(`${name}:${event}:${file}`);
  });

let marks = 0;
async function step(title, change) {
  change();
  const file = `mark${marks++}`;
  await new Promise((resolve) => {
    waiting = { file, resolve };
    fs.writeFileSync(at(file), "");
  });
  console.log(title, heard.splice(0).join(" "));
}

async function main() {
  const watchers = [watch(root, "root")];
  await step("make", () => fs.writeFileSync(at("a"), ""));
  watchers.push(watch(at("a"), "a"));
  await step("write", () => fs.writeFileSync(at("a"), "x"));
  await step("append", () => fs.appendFileSync(at("a"), "x"));
  await step("truncate", () => fs.truncateSync(at("a"), 1));
  await step("chmod", () => fs.chmodSync(at("a"), 0o600));
  await step("utimes", () => fs.utimesSync(at("a"), 1, 2));
  await step("link", () => fs.linkSync(at("a"), at("b")));
  await step("unlink one name", () => fs.unlinkSync(at("b")));
  await step("rename", () => fs.renameSync(at("a"), at("b")));
  await step("make another", () => fs.writeFileSync(at("t"), "t"));
  watchers.push(watch(at("t"), "t"));
  await step("rename over it", () => fs.renameSync(at("b"), at("t")));
  await step("unlink", () => fs.unlinkSync(at("t")));
  await step("mkdir", () => fs.mkdirSync(at("sub")));
  watchers.push(watch(at("sub"), "sub"));
  await step("chmod of a directory", () => fs.chmodSync(at("sub"), 0o700));
  await step("make in it", () => fs.writeFileSync(at("sub", "x"), "y"));
  await step("chmod of the root", () => fs.chmodSync(root, 0o700));
  await step("move out of it", () => fs.renameSync(at("sub", "x"), at("x")));
  await step("rename it", () => fs.renameSync(at("sub"), at("sub2")));
  await step("rmdir", () => fs.rmdirSync(at("sub2")));
  await step("symlink", () => fs.symlinkSync("x", at("l")));
  await step("nothing", () => fs.readFileSync(at("x")));
  for (const watcher of watchers) watcher.close();
  fs.rmSync(base, { recursive: true });
  console.log("done");
}
main();
