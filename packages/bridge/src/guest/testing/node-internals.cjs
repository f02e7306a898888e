"use strict";
// Hands Node's internals (under --expose-internals) to a test: its primordials, its bindings and its module loader.
const { primordials, internalBinding } = require("internal/test/binding");

module.exports = { primordials, internalBinding, requireInternal: require };
