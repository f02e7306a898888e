// Mode, owner and times of a file through a descriptor that only reads; a blob of a file that was changed.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const base = fs.mkdtempSync(path.join(os.tmpdir(), "read-only-"));
const file = path.join(base, "file");
fs.writeFileSync(file, "text");

async function main() {
  const fd = fs.openSync(file, "r");
  fs.futimesSync(fd, 1, 2);
  fs.fchmodSync(fd, 0o640);
  fs.fchownSync(fd, process.getuid(), process.getgid());
  const { mtimeMs, atimeMs, mode } = fs.fstatSync(fd);
  console.log(mtimeMs, atimeMs, mode.toString(8));
  fs.closeSync(fd);
  const handle = await fs.promises.open(file);
  await handle.utimes(3, 4);
  await handle.chmod(0o600);
  const stat = await handle.stat();
  console.log(stat.mtimeMs, stat.mode.toString(8));
  await handle.close();
  const folder = fs.openSync(base, "r");
  fs.fchmodSync(folder, 0o750);
  console.log(fs.statSync(base).mode.toString(8));
  fs.closeSync(folder);
  for (const [before, after] of [["", "more"], ["text", "other"], ["text", undefined]]) {
    fs.writeFileSync(file, before);
    const blob = await fs.openAsBlob(file);
    if (after !== undefined) fs.writeFileSync(file, after);
    console.log(blob.size, await blob.text().catch((error) => error.name));
  }
  const empty = path.join(base, "empty");
  fs.writeFileSync(empty, "");
  console.log(await (await fs.openAsBlob(empty)).stream().getReader().read());
  fs.rmSync(base, { recursive: true });
}
main();
