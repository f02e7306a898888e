// Every benchmark is a function that gives rows: what, ours, beside (what it was compared with), ratio, target, ok.
export { cpu } from "./cpu.mjs";
export { delay, overshoot } from "./limits.mjs";
export { fs, read, require } from "./files.mjs";
export { lines } from "./lines.mjs";
export { many } from "./many.mjs";
export { memory } from "./memory.mjs";
export { net } from "./net.mjs";
export { start } from "./start.mjs";
