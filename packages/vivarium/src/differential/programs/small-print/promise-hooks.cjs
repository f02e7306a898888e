"use strict";
// A hook sees the promises a program makes, and none that looking at values makes.
const { createHook } = require("node:async_hooks");
const { writeSync } = require("node:fs");
const util = require("node:util");

const seen = [];
const hook = createHook({ init: (id, type, trigger) => seen.push(`${type} ${id - seen.length} ${trigger - seen.length}`) }).enable();
util.inspect(new TypeError("looked at"));
util.inspect([Promise.reject, new Proxy({}, {}), new Map([[1, 2]]).entries(), new (class A {})(), process]);
util.types.isPromise({});
util.types.isProxy(new Proxy([], {}));
const looked = seen.length;
Promise.resolve(1).then(() => hook.disable());
hook.disable();
writeSync(1, `looking: ${looked}, made: ${seen.length - looked}\n`);
