import { open } from "node:fs/promises";

const round = () => new Promise((resolve) => setImmediate(resolve));

const abandon = async () => void (await open(import.meta.filename));

const warnings = [];
process.on("warning", ({ name, code, message }) => warnings.push(`${name} ${code} ${message.replace(/\d+/, "FD")}`));
await abandon();
await abandon();
const closed = await open(import.meta.filename);
await closed.close();
for (let i = 0; i < 20 && warnings.length < 3; i++) {
  await round();
  gc();
}
await round();
console.log(warnings.sort());
