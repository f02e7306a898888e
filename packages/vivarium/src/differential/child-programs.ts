/** Programs that start others, by what they show. */
export const childPrograms: Readonly<Record<string, string>> = {
  "spawn: output, exit code, order of events": `
    const child = require("child_process").spawn(process.execPath, ["-e", "console.log('out'); console.error('err'); process.exitCode = 3"]);
    let out = "", err = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (err += text));
    child.on("spawn", () => console.log("spawn", typeof child.pid, child.connected));
    child.on("exit", (...args) => console.log("exit", ...args));
    child.on("close", (...args) => console.log("close", ...args, [out, err], child.killed));`,
  "spawn: input through a pipe": `
    const child = require("child_process").spawn(process.execPath, ["-e", "process.stdin.pipe(process.stdout)"]);
    const parts = [];
    child.stdout.on("data", (data) => parts.push(data)).on("end", () => console.log(Buffer.concat(parts).toString()));
    child.stdin.write("one ");
    child.stdin.end("two");`,
  "spawn: a megabyte each way": `
    const child = require("child_process").spawn(process.execPath, ["-e", "process.stdin.pipe(process.stdout)"]);
    const crypto = require("crypto");
    const sent = Buffer.alloc(1 << 20, "0123456789");
    const hash = crypto.createHash("sha256");
    let size = 0;
    child.stdout.on("data", (data) => { size += data.length; hash.update(data); });
    child.on("close", (code) => console.log(code, size, hash.digest("hex") === crypto.createHash("sha256").update(sent).digest("hex")));
    child.stdin.end(sent);`,
  "spawn: not there, no such folder, not executable": `
    const { spawn, spawnSync } = require("child_process");
    require("fs").writeFileSync("plain.txt", "x");
    spawn("no-such-program", ["a"]).on("error", ({ stack, ...error }) => console.log(error));
    spawn(process.execPath, [], { cwd: "/no/such/folder" }).on("error", (error) => console.log(error.code, error.syscall.split(" ")[0]));
    spawn("./plain.txt").on("error", ({ stack, ...error }) => console.log(error));
    console.log(spawnSync("no-such-program", ["b"]));`,
  "spawn: inherited streams": `
    const { spawn } = require("child_process");
    console.log("before");
    spawn(process.execPath, ["-e", "console.log('child'); console.error('child error')"], { stdio: "inherit" })
      .on("close", (code) => console.log("after", code));`,
  "spawn: stdio lists": `
    const { spawn } = require("child_process");
    const child = spawn(process.execPath, ["-e", "require('fs').writeSync(4, 'four'); console.log('ignored')"], {
      stdio: ["ignore", "ignore", "inherit", "ignore", "pipe"],
    });
    console.log(child.stdin, child.stdout, child.stderr, child.stdio.length, child.stdio[3]);
    child.stdio[4].setEncoding("utf8").on("data", (text) => console.log(text));
    child.on("close", (...args) => console.log(args));`,
  "spawn: output to a file that is closed at once": `
    const { spawn } = require("child_process");
    const fs = require("fs");
    const fd = fs.openSync("out.txt", "a");
    fs.writeSync(fd, "first\\n");
    spawn(process.execPath, ["-e", "console.log('second'); console.error('third')"], { stdio: ["ignore", fd, fd] })
      .on("exit", (code) => console.log(code, fs.readFileSync("out.txt", "utf8")));
    fs.closeSync(fd);`,
  "spawn: input from a file": `
    const { spawn, spawnSync } = require("child_process");
    const fs = require("fs");
    fs.writeFileSync("in.txt", "from a file");
    const args = ["-e", "process.stdin.on('data', (data) => console.log(String(data)))"];
    spawn(process.execPath, args, { stdio: [fs.openSync("in.txt"), "inherit", "inherit"] }).on("close", (code) => {
      console.log(code, String(spawnSync(process.execPath, args, { stdio: [fs.openSync("in.txt"), "pipe", "inherit"] }).stdout));
    });`,
  "spawn: environment, working directory, argv0": `
    const { spawnSync } = require("child_process");
    require("fs").mkdirSync("sub");
    const show = "console.log(process.cwd().endsWith('sub'), Object.keys(process.env).sort().join(), process.env.B, process.argv0, process.ppid === +process.env.P)";
    const env = { B: "b=c", A: "", U: undefined, P: process.pid };
    console.log(String(spawnSync(process.execPath, ["-e", show], { cwd: "sub", env, argv0: "named" }).stdout));`,
  "spawn: kill and its events": `
    const { spawn } = require("child_process");
    const child = spawn(process.execPath, ["-e", "console.log('ready'); setInterval(() => {}, 1000)"]);
    child.stdout.once("data", () => console.log(child.kill(), child.killed, child.kill(0)));
    child.on("exit", (...args) => console.log("exit", args, child.signalCode, child.kill()));`,
  "spawn: a signal the child handles": `
    const { spawn } = require("child_process");
    const code = "process.on('SIGUSR2', (name, number) => { console.log(name, number); process.exit(4); }); console.log('ready'); setInterval(() => {}, 1000)";
    const child = spawn(process.execPath, ["-e", code]);
    child.stdout.setEncoding("utf8").on("data", (text) => { console.log(text); if (text.includes("ready")) process.kill(child.pid, "SIGUSR2"); });
    child.on("close", (...args) => console.log(args));`,
  "spawn: a timeout and an AbortSignal": `
    const { spawn } = require("child_process");
    const args = ["-e", "setInterval(() => {}, 1000)"];
    const first = spawn(process.execPath, args, { timeout: 300, killSignal: "SIGKILL" });
    first.on("exit", (...ended) => {
      console.log(ended, first.killed);
      const controller = new AbortController();
      const second = spawn(process.execPath, args, { signal: controller.signal });
      second.on("error", (error) => console.log(error.name, error.code, error.cause));
      second.on("exit", (...end) => console.log(end));
      second.on("spawn", () => controller.abort("why"));
    });`,
  "spawn: children of children": `
    const { spawnSync } = require("child_process");
    const inner = "console.log(process.argv.slice(1).join())";
    const code = "const r = require('child_process').spawnSync(process.execPath, ['-e', " + JSON.stringify(inner) + ", 'x', 'y']); process.stdout.write('inner ' + r.stdout); process.exit(r.status + 1)";
    const { status, stdout } = spawnSync(process.execPath, ["-e", code]);
    console.log(status, String(stdout));`,
  "spawn: unref lets the parent end": `
    const child = require("child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 500)"], { stdio: "ignore", detached: true });
    child.on("exit", () => console.log("never"));
    child.unref();
    process.on("exit", () => console.log("parent ends"));`,
  "spawn: async hooks and contexts": `
    const { AsyncLocalStorage } = require("async_hooks");
    const store = new AsyncLocalStorage();
    store.run("inside", () => {
      const child = require("child_process").spawn(process.execPath, ["-p", "1"]);
      child.stdout.on("data", (data) => console.log(String(data), store.getStore()));
      child.on("exit", () => console.log("exit", store.getStore()));
    });`,
  "spawnSync: output, input, status": `
    const { spawnSync } = require("child_process");
    const result = spawnSync(process.execPath, ["-e", "process.stdin.on('data', (d) => { console.log('got ' + d); console.error('e'); process.exit(2) })"], { input: "text" });
    result.pid = typeof result.pid;
    console.log(result, String(result.stdout));
    console.log(spawnSync(process.execPath, ["-p", "1"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).output);`,
  "spawnSync: timeout, maxBuffer, signals": `
    const { spawnSync } = require("child_process");
    const run = (code, options) => {
      const { error, status, signal, stdout } = spawnSync(process.execPath, ["-e", code], options);
      console.log(error && error.code, error && error.message.split(" ")[0], status, signal, stdout && stdout.length > 0);
    };
    run("setInterval(() => {}, 1000)", { timeout: 400 });
    run("setInterval(() => {}, 1000)", { timeout: 400, killSignal: "SIGKILL" });
    run("process.stdout.write('x'.repeat(100000)); setInterval(() => {}, 1000)", { maxBuffer: 1000 });
    run("process.kill(process.pid, 'SIGKILL')");
    run("process.abort()");`,
  "spawnSync: inherit keeps the order": `
    const { spawnSync } = require("child_process");
    console.log("one");
    spawnSync(process.execPath, ["-e", "console.log('two')"], { stdio: "inherit" });
    console.log("three");`,
  "execFile: callback, promise, errors": `
    const { execFile } = require("child_process");
    const { promisify } = require("util");
    execFile(process.execPath, ["-e", "console.log('o'); console.error('e'); process.exit(5)"], (error, stdout, stderr) => {
      console.log(error.code, error.killed, error.signal, error.message.split("\\n").slice(1), [stdout, stderr]);
      execFile("no-such-program", (failure) => console.log(failure.code, failure.path, failure.spawnargs));
      promisify(execFile)(process.execPath, ["-p", "6 * 7"]).then(console.log).then(() => execFile(process.execPath, ["-e", "console.log('x'.repeat(5000))"], { maxBuffer: 100 }, (full, out) => console.log(full.code, out.length)));
    });`,
  "execSync and execFileSync": `
    const { execSync, execFileSync } = require("child_process");
    console.log(execSync("echo from sh", { encoding: "utf8" }), String(execFileSync(process.execPath, ["-p", "'file'"])));
    try { execSync("echo out; echo err >&2; exit 6", { stdio: "pipe" }); } catch (error) {
      console.log(error.status, error.message, String(error.stdout), String(error.stderr));
    }`,
  "fork: messages both ways": `
    const { fork } = require("child_process");
    if (process.argv[2] === "child") {
      const seen = [process.connected, typeof process.send, process.env.NODE_CHANNEL_FD];
      process.on("message", (message) => {
        process.send({ answer: message.question * 2, undefined: undefined, nested: [1, { a: null }], seen }, () => process.disconnect());
      });
      process.on("disconnect", () => (process.exitCode = process.connected ? 1 : 5));
    } else {
      const child = fork(__filename, ["child"]);
      console.log(child.send({ question: 21 }), child.connected);
      child.on("message", (message) => console.log(message));
      child.on("disconnect", () => console.log("disconnect", child.connected));
      child.on("close", (...args) => console.log("close", args));
    }`,
  "fork: the end of the channel comes before the exit, each time": `
    const { fork } = require("child_process");
    if (process.argv[2] === "child") {
      process.on("message", (message) => process.send(message, () => process.disconnect()));
    } else {
      const told = [];
      const next = (left) => {
        if (left === 0) return console.log(told.join());
        const child = fork(__filename, ["child"]);
        child.send(left);
        child.on("disconnect", () => told.push("disconnect"));
        child.on("exit", () => told.push("exit"));
        child.on("close", () => next(left - 1));
      };
      next(12);
    }`,
  "fork: advanced serialization": `
    const { fork } = require("child_process");
    if (process.argv[2] === "child") {
      process.on("message", (message) => { process.send(message); process.disconnect(); });
    } else {
      const child = fork(__filename, ["child"], { serialization: "advanced" });
      const value = { map: new Map([[1, new Set(["a"])]]), date: new Date(0), big: 12n, bytes: new Uint8Array([1, 2]), error: new RangeError("r"), not: undefined };
      value.self = value;
      child.send(value);
      child.on("message", (message) => console.log({ ...message, error: message.error.message, self: message.self === message }));
    }`,
  "fork: execArgv, silent, exit code": `
    const { fork } = require("child_process");
    if (process.argv[2] === "child") {
      console.log(process.execArgv, process.argv.slice(2));
      process.exitCode = 9;
      process.disconnect();
    } else {
      const child = fork(__filename, ["child", "x"], { execArgv: ["--no-warnings", "--stack-trace-limit=5"], silent: true });
      child.stdout.setEncoding("utf8").on("data", (text) => console.log("child said", text));
      child.on("exit", (...args) => console.log(args));
    }`,
  "fork: a thousand messages keep their order": `
    const { fork } = require("child_process");
    if (process.argv[2] === "child") {
      process.on("message", (n) => process.send(n));
    } else {
      const child = fork(__filename, ["child"]);
      const seen = [];
      child.on("message", (n) => { seen.push(n); if (n === 999) child.disconnect(); });
      child.on("exit", () => console.log(seen.length, seen.every((n, i) => n === i)));
      for (let i = 0; i < 1000; i++) child.send(i);
    }`,
  "fork: a file and the channel are two descriptors": `
    const { fork } = require("child_process");
    const fs = require("fs");
    if (process.argv[2] === "child") {
      const fd = fs.openSync("note.txt", "w");
      fs.writeSync(fd, "not a message");
      fs.closeSync(fd);
      process.send([fs.readFileSync("note.txt", "utf8"), fd > 3], () => process.disconnect());
    } else fork(__filename, ["child"]).on("message", (message) => console.log(message));`,
  "fork: sending after the end": `
    const { fork } = require("child_process");
    if (process.argv[2] === "child") process.disconnect();
    else {
      const child = fork(__filename, ["child"]);
      child.on("exit", () => {
        child.send("late", (error) => console.log(error.code, error.message));
        child.on("error", (error) => console.log("error", error.code));
        child.send("later");
      });
    }`,
  "signals: a program's own": `
    process.on("SIGUSR2", (name, number) => { console.log(name, number); process.kill(process.pid, "SIGTERM"); });
    process.once("SIGTERM", () => { console.log("stays"); clearTimeout(timer); });
    process.kill(process.pid, "SIGUSR2");
    console.log("sent", process.kill(process.pid, 0));
    const timer = setTimeout(() => console.log("too late"), 10000);`,
  "signals: to oneself, there in the next round of the loop": `
    for (const name of ["SIGINT", "SIGTERM", "SIGUSR2"]) process.once(name, (signal, number) => console.log(signal, number));
    process.on("SIGHUP", () => console.log("every time"));
    process.kill(process.pid, "SIGTERM");
    process.kill(process.pid, "SIGINT");
    for (let i = 0; i < 3; i++) process.kill(process.pid, "SIGHUP");
    setImmediate(() => console.log("immediate"));
    process.on("exit", () => console.log("exit"));`,
  "signals: other processes and none": `
    try { process.kill(2 ** 22 - 7, 0); } catch (error) { console.log(error.code, error.syscall); }
    try { process.kill(process.pid, "SIGNOPE"); } catch (error) { console.log(error.code, error.message); }`,
  "pipes between children": `
    const { spawn } = require("child_process");
    const first = spawn(process.execPath, ["-e", "for (let i = 0; i < 1000; i++) console.log(i)"]);
    const second = spawn(process.execPath, ["-e", "let n = 0; process.stdin.on('data', (d) => (n += d.length)).on('end', () => console.log(n))"]);
    first.stdout.pipe(second.stdin);
    second.stdout.on("data", (data) => console.log(String(data)));`,
  "a child that reads nothing": `
    const child = require("child_process").spawn(process.execPath, ["-e", "process.stdin.destroy(); setTimeout(() => {}, 300)"]);
    child.stdin.on("error", (error) => console.log(error.code));
    child.on("exit", (code) => console.log(code));
    child.stdin.end();`,
  "small programs everybody counts on": `
    const { spawnSync } = require("child_process");
    const run = (file, args, options) => { const { status, stdout, stderr } = spawnSync(file, args, { encoding: "utf8", ...options }); console.log(file, status, stdout, stderr); };
    run("echo", ["-n", "a", "b"]);
    run("cat", [], { input: "through" });
    run("true", []);
    run("false", []);
    run("pwd", [], { cwd: "/" });
    run("env", [], { env: { ONE: "1" } });
    run("mkdir", ["-p", "a/b"]);
    run("touch", ["a/c", "a/b/.hidden"]);
    run("ls", ["a"]);
    run("ls", ["-a", "a/b"]);
    run("rm", ["-r", "a"]);
    run("ls", ["."]);`,
  "a script with its interpreter": `
    const { spawnSync } = require("child_process");
    const fs = require("fs");
    fs.writeFileSync("tool", "#!/usr/bin/env -S node\\nconsole.log(process.argv.slice(2))", { mode: 0o755 });
    fs.writeFileSync("tool.sh", "#!/bin/sh\\necho $1 and $2", { mode: 0o755 });
    fs.symlinkSync("tool.sh", "link");
    const env = { PATH: require("path").dirname(process.execPath) + ":/usr/bin:/bin" };
    for (const file of ["./tool", "./tool.sh", "./link"]) console.log(String(spawnSync(file, ["x", "y"], { env }).stdout));`,
  "standard input by its name": `
    const { execSync } = require("child_process");
    const fs = require("fs");
    fs.writeFileSync("now.cjs", "console.log(require('fs').readFileSync('/dev/stdin', 'utf8'))");
    fs.writeFileSync("later.cjs", "require('fs').readFile('/dev/stdin', 'utf8', console.log)");
    for (const name of ["now", "later"]) console.log(execSync("echo through | '" + process.execPath + "' " + name + ".cjs", { encoding: "utf8" }));`,
};
