// fs.watch, fs.promises.watch and fs.watchFile in their forms, refusals and lifetimes.
import fs from "node:fs";
import { watch } from "node:fs/promises";
import { once } from "node:events";
import os from "node:os";
import path from "node:path";

const base = fs.mkdtempSync(path.join(process.argv[2] === "here" ? process.cwd() : os.tmpdir(), "forms-"));
const at = (...names) => path.join(base, ...names);
const show = (error) => `${error.name} ${error.code} ${error.syscall} ${error.message.replaceAll(base, "BASE")}`;

console.log("missing");
for (const make of [() => fs.watch(at("none")), () => fs.watch(base, { encoding: "none" })]) {
  try {
    make().close();
    console.log("no error");
  } catch (error) {
    console.log(show(error));
  }
}
try {
  for await (const _ of watch(at("none"))) break;
} catch (error) {
  console.log(show(error), error.filename === at("none"));
}

console.log("names in encodings");
for (const encoding of ["utf8", "buffer", "hex", "latin1"]) {
  const watcher = fs.watch(base, { encoding });
  fs.writeFileSync(at(`ä-${encoding}`), "");
  console.log(...(await once(watcher, "change")));
  watcher.close();
  await once(watcher, "close");
}

console.log("closing twice, closing in a listener");
const closing = fs.watch(base, () => {
  console.log("heard");
  closing.close();
  closing.close();
});
closing.on("close", () => console.log("close event"));
fs.writeFileSync(at("one"), "");
await once(closing, "close");

console.log("iterator");
const controller = new AbortController();
const seen = [];
setImmediate(() => fs.writeFileSync(at("three"), "1"));
try {
  for await (const { eventType, filename } of watch(base, { signal: controller.signal })) {
    seen.push(`${eventType} ${filename}`);
    if (seen.length === 2) controller.abort(new Error("enough"));
  }
} catch (error) {
  console.log(seen, error.name, error.cause.message);
}

console.log("recursive");
fs.mkdirSync(at("deep", "er"), { recursive: true });
const deep = fs.watch(at("deep"), { recursive: true });
fs.writeFileSync(at("deep", "er", "file"), "");
console.log(...(await once(deep, "change")));
deep.close();

console.log("watchFile");
const file = at("polled");
const sizes = new Promise((resolve) => {
  const list = [];
  fs.watchFile(file, { interval: 5, bigint: true }, (now, before) => {
    list.push(`${before.size} -> ${now.size} ${now.nlink > 0n} ${typeof now.mtimeNs}`);
    if (list.length === 1) fs.writeFileSync(file, "12345");
    else if (list.length === 2) fs.unlinkSync(file);
    else resolve(list);
  });
});
console.log(await sizes);
fs.unwatchFile(file);

console.log("methods of its handle on what is none");
const watched = fs.watch(base);
for (const name of ["close", "ref", "unref", "hasRef", "start"]) {
  try {
    console.log(name, watched._handle[name].call({}));
  } catch (error) {
    console.log(name, error.name, error.message);
  }
}
watched.close();

console.log("what does not keep the program alive");
fs.watch(base, { persistent: false });
fs.watch(base).unref();
fs.watchFile(file, { persistent: false, interval: 10_000 }, () => {});
fs.rmSync(base, { recursive: true });
