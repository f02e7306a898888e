//// shape of every answer
const os = require("os");
for (const name of Object.keys(os).sort()) {
  const value = typeof os[name] === "function" && !["setPriority"].includes(name) ? os[name]() : os[name];
  console.log(name, Array.isArray(value) ? "array" : value === null ? "null" : typeof value === "object" ? (name === "networkInterfaces" || name === "constants" ? "object" : Object.keys(value)) : typeof value);
}
console.log(`${os.hostname}` === os.hostname(), `${os.freemem}` > 0, os.cpus().every((c) => typeof c.speed === "number" && Object.keys(c.times).join() === "user,nice,sys,idle,irq"));

//// constants
const os = require("os");
console.log(os.constants, os.EOL, os.devNull, Object.isFrozen(os.constants.signals));

//// wrong arguments
const os = require("os");
for (const f of [() => os.getPriority("x"), () => os.getPriority(-1), () => os.setPriority(0, 99), () => os.setPriority("x", 1), () => os.userInfo({ encoding: "buffer" }).username.constructor.name, () => { os.EOL = "x"; return os.EOL; }, () => os.getPriority(2 ** 30)]) try { console.log(f()); } catch (e) { console.log(e.name, e.code, e.message.replace(/\d+/, "N")); }

//// a program may lower its priority
const os = require("os");
const before = os.getPriority();
os.setPriority(before + 1);
console.log(os.getPriority() - before, os.getPriority(process.pid) - before);
os.setPriority(process.pid, 19);
console.log(os.getPriority());
for (const bad of [20, -21, "x"]) try { os.setPriority(bad); } catch (e) { console.log(e.code, e.message); }
try { os.setPriority(2 ** 30, 1); } catch (e) { console.log(e.code, e.message, e.info); }
