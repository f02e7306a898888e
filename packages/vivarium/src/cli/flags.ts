/** What the command calls the SDK's options it sets. */
const FLAGS: Readonly<Record<string, string>> = {
  "options.limits.memoryMiB": "--memory-mb",
  "options.limits.cpuTimeMs": "--cpu-ms",
  "options.limits.wallTimeMs": "--wall-ms",
  "options.permissions.fs.read": "--allow-fs-read",
  "options.permissions.fs.write": "--allow-fs-write",
  "options.permissions.network.connect": "--allow-net",
  "options.permissions.childProcess.commands": "--allow-run",
  "options.permissions.env": "--allow-env",
  "options.mounts.host": "the host folder of --mount",
  "options.mounts.guest": "the guest folder of --mount",
  "options.mounts": "--mount",
  "options.cwd": "--cwd",
};

const OPTION = /\boptions(?:\.\w+|\[\d+\])+/g;

/** A message about options of the SDK, in words of the command line. */
export const inFlags = (message: string): string =>
  message.replace(OPTION, (option) => FLAGS[option.replace(/\[\d+\]/g, "")] ?? option);
