// The demo: `npm run demo`. Ends with code 0 only when every step did what it says.
import { screen } from "./screen.mjs";
import { deniedConnection, deniedRead, endlessLoop, figures, memoryBomb, npmPackage } from "./steps.mjs";

screen.title("vivarium: untrusted JavaScript with Node's API, deny by default");
const started = performance.now();
let failures = 0;
for (const step of [npmPackage, deniedRead, deniedConnection, endlessLoop, memoryBomb, figures]) {
  try {
    await step();
  } catch (error) {
    failures++;
    screen.failed(`${error instanceof Error ? error.message : String(error)}`);
  }
}
const seconds = ((performance.now() - started) / 1000).toFixed(1);
screen.note(
  failures === 0 ? `\nAll as it should be, in ${seconds} s.` : `\n${failures} of 6 steps failed (${seconds} s).`,
);
process.exitCode = failures === 0 ? 0 : 1;
