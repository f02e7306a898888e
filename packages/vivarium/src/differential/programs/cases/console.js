//// table
console.table([{ a: 1, b: "x" }, { a: 2, c: true }]);
console.table([[1, 2], [3, 4]]);
console.table(new Map([["k", 1], ["l", { m: 2 }]]));
console.table(new Set(["a", "ü€"]));
console.table([{ a: 1, b: 2 }], ["b"]);
console.table({ r1: { x: 1 }, r2: 5 });
console.table("text");
console.table([]);
try { console.table([1], "x"); } catch (e) { console.log(e.code, e.message); }

//// group and groupEnd
console.group("outer");
console.log("in\nside");
console.groupCollapsed("inner", { a: 1 });
console.error("error in");
console.table([1]);
console.groupEnd();
console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 });
console.groupEnd();
console.groupEnd();
console.log("out");

//// dir, dirxml and their options
console.dir({ a: { b: { c: { d: 1 } } } });
console.dir({ a: { b: { c: { d: 1 } } } }, { depth: null, colors: true });
console.dirxml({ x: 1 }, [2]);
console.dir({ [Symbol.for("nodejs.util.inspect.custom")]: () => "custom" });

//// count and countReset
console.count();
console.count("a");
console.count("a");
console.count();
console.countReset("a");
console.count("a");
console.countReset("none");
console.count({});
console.count(undefined);

//// assert
console.assert(true, "not printed");
console.assert(false);
console.assert(0, "message %s", "x", { a: 1 });
console.assert(null, { obj: 1 }, "after");
console.assert();

//// time labels
process.on("warning", (w) => console.log(w.name, w.message));
console.timeEnd("none");
console.timeLog("none");
console.time("a");
console.time("a");
console.time();
console.time();

//// trace's first lines
function where() {
  console.trace("here %d", 5, { a: 1 });
}
where();
new Error("just to see").stack.split("\n").slice(0, 2).forEach((l) => console.log(l));

//// which stream each method writes to
for (const name of ["log", "info", "debug", "error", "warn"]) console[name](name, "%s", [1]);
console.log();
console.log("%s is %d years", "Bob", 42, "extra");
console.log("%c styled", "color: red");
console.log("a\0b", "é", "😀", "\u001b[31m");

//// a Console of one's own
const { Console } = require("console");
const { Writable } = require("stream");
const lines = (name) => new Writable({ write(c, e, done) { process.stdout.write(`${name}: ${c}`); done(); } });
const c = new Console({ stdout: lines("out"), stderr: lines("err"), groupIndentation: 4, inspectOptions: { depth: 0 } });
c.log({ a: { b: 1 } });
c.group("g");
c.error("x");
c.groupEnd();
console.log(c instanceof Console, console instanceof Console, Console === console.Console, c.constructor.name);
for (const f of [() => new Console(), () => new Console({}), () => new Console({ stdout: process.stdout, groupIndentation: -1 }), () => new Console({ stdout: process.stdout, colorMode: 5 })]) try { f(); } catch (e) { console.log(e.code, e.message); }

//// errors of the stream are swallowed or not
const { Console } = require("console");
const { Writable } = require("stream");
const bad = () => new Writable({ write(c, e, done) { done(new Error("disk full")); } });
new Console({ stdout: bad() }).log("lost");
const loud = bad();
loud.on("error", (e) => console.log("error", e.message));
new Console({ stdout: loud, ignoreErrors: false }).log("x");
const thrower = new Writable({ write() { throw new Error("thrown"); } });
try { new Console({ stdout: thrower, ignoreErrors: false }).log("x"); } catch (e) { console.log("caught", e.message); }

//// bound methods, keys and patched streams
const { log } = console;
log("detached");
[1, 2].forEach(console.log);
console.log(Object.keys(console).filter((k) => k !== "createTask").sort().join(" "));
const write = process.stdout.write;
process.stdout.write = function (text, ...rest) { return write.call(this, text.toUpperCase(), ...rest); };
console.log("shouted");
process.stdout.write = write;
console.log(Object.prototype.toString.call(console), typeof console.context, typeof console.profile);

//// colours of a console with colorMode
const { Console } = require("console");
const c = new Console({ stdout: process.stdout, stderr: process.stderr, colorMode: true });
c.log({ a: 1, s: "x" }, "%s", [null]);
c.error("%o", { x: 1 });
c.table([{ a: 1 }]);
c.warn(new Map([[1, Symbol("s")]]));
c.assert(false, { b: true });
