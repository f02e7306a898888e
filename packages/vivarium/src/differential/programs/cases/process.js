//// process.exit in a listener, the code of exit
process.on("exit", (code) => { console.log("exit", code, process.exitCode); process.exitCode = 9; });
process.on("exit", (code) => console.log("second", code));
setTimeout(() => process.exit(3), 1);
setTimeout(() => console.log("never"), 50);

//// exitCode of every kind
for (const value of ["7", 300, null, undefined, "x", 1.5, {}, true]) try { process.exitCode = value; console.log(value, process.exitCode); } catch (e) { console.log(e.name, e.code, e.message); }
process.exitCode = 12;

//// beforeExit comes again while it makes work
let n = 0;
process.on("beforeExit", (code) => { console.log("beforeExit", code, n); if (n++ < 2) setImmediate(() => console.log("more work")); else process.exitCode = 4; });
process.on("exit", (code) => console.log("exit", code));

//// uncaughtException: it goes on
process.on("uncaughtExceptionMonitor", (e, origin) => console.log("monitor", e.message, origin));
process.on("uncaughtException", (e, origin) => console.log("caught", e.message, origin));
setTimeout(() => { throw new Error("one"); }, 1);
setTimeout(() => console.log("still here", process.exitCode), 5);
throw new Error("main");

//// setUncaughtExceptionCaptureCallback
console.log(process.hasUncaughtExceptionCaptureCallback());
process.setUncaughtExceptionCaptureCallback((e) => console.log("captured", e));
console.log(process.hasUncaughtExceptionCaptureCallback());
try { process.setUncaughtExceptionCaptureCallback(() => {}); } catch (e) { console.log(e.code, e.message); }
try { process.setUncaughtExceptionCaptureCallback(5); } catch (e) { console.log(e.code, e.message); }
setImmediate(() => { throw "a text"; });

//// emitWarning in every form
process.on("warning", (w) => console.log(w.name, w.message, w.code, w.detail));
process.emitWarning("plain");
process.emitWarning("typed", "MyWarning", "W1");
process.emitWarning("with options", { type: "Opt", code: "W2", detail: "more\nlines" });
process.emitWarning(Object.assign(new Error("an error"), { name: "Custom" }));
process.emitWarning("old", "DeprecationWarning", "DEP1");
for (const f of [() => process.emitWarning(5), () => process.emitWarning("x", 5), () => process.emitWarning("x", { detail: 1 }), () => process.emitWarning()]) try { f(); console.log("fine"); } catch (e) { console.log(e.code, e.message); }
console.log("sync");

//// --throw-deprecation and --no-warnings
//: flags --throw-deprecation --no-warnings
process.emitWarning("silent");
process.on("uncaughtException", (e) => console.log(e.name, e.code, e.message));
process.emitWarning("thrown", "DeprecationWarning", "D");
console.log(process.throwDeprecation, process.noDeprecation, process.execArgv);

//// env behaves like Node's
process.env.A = 5;
process.env.B = undefined;
process.env["with space"] = "x";
console.log(process.env.A, process.env.B, "A" in process.env, delete process.env.A, delete process.env.NONE, process.env.A, "A" in process.env, Object.keys(process.env).includes("with space"), process.env.toString, process.env.TZ, process.env.LANG);
console.log({ ...process.env }.B, Object.getOwnPropertyDescriptor(process.env, "B"), JSON.parse(JSON.stringify(process.env)).TZ, Object.prototype.toString.call(process.env));
for (const f of [() => (process.env.S = Symbol("s")), () => Object.defineProperty(process.env, "D", { value: "d" }), () => Object.defineProperty(process.env, "D", { get() {} }), () => (process.env[Symbol("k")] = "x")]) try { console.log(String(f()).slice(0, 20)); } catch (e) { console.log(e.name, e.code, e.message); }

//// argv, title and friends
//: args one --two=3 -x
console.log(process.argv.slice(2), process.argv.length, process.argv0.endsWith("node"), process.argv[0] === process.execPath, process.argv[1] === __filename, process.execArgv);
console.log(process.version, process.versions.node, process.release.name, process.platform, process.arch, typeof process.pid, typeof process.ppid, process.config.variables !== undefined, process.features.inspector !== undefined);
console.log(process.cwd() === __dirname, process.debugPort, process.exitCode, process.connected, process.channel, process.send, typeof process.umask(), Object.prototype.toString.call(process));

//// hrtime, uptime, memoryUsage, resourceUsage, cpuUsage
console.log(process.hrtime().map((n) => typeof n), typeof process.hrtime.bigint(), process.hrtime([0, 0]).length, typeof process.uptime(), Object.keys(process.memoryUsage()), typeof process.memoryUsage.rss(), Object.keys(process.resourceUsage()), Object.keys(process.cpuUsage()), Object.keys(process.cpuUsage(process.cpuUsage())));
console.log(typeof process.constrainedMemory(), typeof process.availableMemory());
setTimeout(() => {}, 1);
console.log(process.getActiveResourcesInfo().filter((n) => n === "Timeout"));
for (const f of [() => process.hrtime(5), () => process.hrtime([1]), () => process.cpuUsage(5), () => process.cpuUsage({ user: -1, system: 0 }), () => process.cpuUsage({ user: "x" })]) try { f(); } catch (e) { console.log(e.name, e.code, e.message); }

//// cwd, chdir and umask
const fs = require("fs");
fs.mkdirSync("sub");
process.chdir("sub");
console.log(process.cwd() === require("path").join(__dirname, "sub"), fs.existsSync("../program.cjs"));
for (const f of [() => process.chdir("nope"), () => process.chdir(5), () => process.chdir()]) try { f(); } catch (e) { console.log(e.name, e.code, e.message.replaceAll(__dirname, "."), e.syscall, e.path, e.dest); }
console.log(process.umask(0o077), process.umask("22").toString(8), process.umask().toString(8));
for (const f of [() => process.umask("x"), () => process.umask({})]) try { f(); } catch (e) { console.log(e.name, e.code, e.message); }

//// kill, nextTick and other arguments that are wrong
for (const f of [() => process.kill("x"), () => process.kill(process.pid, "NOSIG"), () => process.kill(process.pid, {}), () => process.exit("x"), () => process.exit(1.5), () => process.binding("nope"), () => process.setuid({}), () => process.getgroups("x").length > 0, () => process.getBuiltinModule(5), () => process.assert(false), () => process.setSourceMapsEnabled(1)]) try { console.log(f()); } catch (e) { console.log(e.name, e.code, e.message.replaceAll(process.cwd(), ".")); }

//// stdout, stderr and stdin
const { stdout, stderr, stdin } = process;
console.log(stdout.fd, stderr.fd, stdin.fd, stdout.isTTY, stdout.writable, stdout.columns, stdout.hasColors?.());
stdout.write("no newline", () => { console.log(" callback"); stderr.write("err\n"); });
stdout.write(Buffer.from("bytes\n"));
stdout.write("6869", "hex");
try { stdout.write(5); } catch (e) { console.log(e.code, e.message); }
stdout.on("error", (e) => console.log(e.code));
stdin.on("data", (d) => console.log("data", d.length)).on("end", () => console.log("end of stdin"));

//// process.exit inside of promises, ticks and exit handlers
process.on("exit", (c) => { console.log("exit", c); process.nextTick(() => console.log("never")); Promise.resolve().then(() => console.log("never")); process.exit(5); });
Promise.resolve().then(() => { console.log("then"); process.exit(2); }).finally(() => console.log("never"));
process.nextTick(() => console.log("tick"));

//// getBuiltinModule, allowedNodeEnvironmentFlags, features and keys
console.log(process.getBuiltinModule("fs") === require("fs"), process.getBuiltinModule("node:path").sep, process.getBuiltinModule("none"), process.allowedNodeEnvironmentFlags.has("--max-old-space-size"), process.allowedNodeEnvironmentFlags.has("--nope"), process.allowedNodeEnvironmentFlags.size > 100);
console.log(process.emitWarning.length, process.stdout === process.stdout, process.mainModule === module, process.report !== undefined, typeof process.permission);
console.log(process.listenerCount("exit"), process.eventNames().filter((n) => n !== "newListener" && n !== "removeListener"), process instanceof require("events"), process.constructor.name);

//// finalization and source maps
console.log(process.sourceMapsEnabled);
process.setSourceMapsEnabled(true);
console.log(process.sourceMapsEnabled);
const kept = [{ a: 1 }, { b: 1 }, { c: 1 }];
process.finalization.register(kept[0], (o, event) => console.log("finalized", o, event));
process.finalization.registerBeforeExit(kept[1], (o, event) => console.log("finalized", o, event));
process.finalization.register(kept[2], () => console.log("never"));
process.finalization.unregister(kept[2]);
for (const bad of [1, null]) try { process.finalization.register(bad, () => {}); } catch (e) { console.log(e.code, e.message); }

//// loadEnvFile
process.env.KEPT = "kept";
console.log(process.loadEnvFile(), process.env.FROM_FILE, process.env.KEPT, process.loadEnvFile("other.env"), process.env.OTHER, process.loadEnvFile.length);
for (const bad of ["none", 5, "", "a\0b", "/"]) try { process.loadEnvFile(bad); } catch (e) { console.log(e.name, e.code, e.message); }
//: file .env
FROM_FILE=yes
KEPT=changed
//: file other.env
OTHER="two words" # and more
OTHER=twice

//// dlopen looks at its arguments
for (const args of [[], [{}], [{}, "x"], [{ exports: null }, "x"], [null, "x"]]) try { process.dlopen(...args); } catch (e) { console.log(e.name, e.code, e.message); }
