import { renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Library, libraryDirectory } from "@vivarium/bridge/library";
import { snapshotName } from "./engine.ts";
import { buildSnapshot } from "./snapshot.ts";

// Run by the build: leaves the snapshot of the Node that builds beside the library, so that cells need not make it.
// Put in place in one step: cells may have the one before mapped.
const file = path.join(libraryDirectory, snapshotName());
const made = `${file}.${process.pid}`;
writeFileSync(made, new Uint8Array(buildSnapshot(new Library(libraryDirectory))));
renameSync(made, file);
