/**
 * What a sandbox has beside `node` and `sh`: each of them is a function of the guest's own shell, so that the few
 * programs everybody counts on are there without one of the host's.
 */
export const UTILITIES = [
  "cat",
  "echo",
  "env",
  "false",
  "id",
  "ls",
  "mkdir",
  "printf",
  "pwd",
  "rm",
  "sleep",
  "test",
  "touch",
  "true",
] as const;

const folders = ["/bin/", "/usr/bin/"] as const;

// Made once, before any program runs; a name from Object.prototype is no program.
const installed: Record<string, string> = Object.create(null) as Record<string, string>;
for (const name of ["sh", ...UTILITIES]) {
  installed[name] = name;
  for (const folder of folders) installed[folder + name] = name;
}
installed["node"] = "node";
installed["/usr/local/bin/node"] = "node";

/** The program of this name, or at this path, by the name that rules know it by. */
export const installedProgram = (file: string): string | undefined => installed[file];
