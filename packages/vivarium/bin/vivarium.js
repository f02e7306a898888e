#!/usr/bin/env node
// The installed command: there before the package is built, as links to it are made.
import "../dist/cli.js";
