import type { Permissions } from "./rules.ts";

/** Every file operation, as far as the mounts go. Spread it: `{ ...allowAllFs, ...allowAllEnv }`. */
export const allowAllFs: Readonly<Pick<Permissions, "fs">> = Object.freeze({ fs: true });

/** Every public host and port. Private, loopback, link-local and metadata addresses still have to be named. */
export const allowAllNetwork: Readonly<Pick<Permissions, "network">> = Object.freeze({ network: true });

/** Every command the driver's executor offers. */
export const allowAllChildProcess: Readonly<Pick<Permissions, "childProcess">> = Object.freeze({ childProcess: true });

/** Every variable of the `env` the embedder passes. */
export const allowAllEnv: Readonly<Pick<Permissions, "env">> = Object.freeze({ env: true });

/** All domains at once: for code you would run yourself. */
export const allowAll: Readonly<Permissions> = Object.freeze({
  ...allowAllFs,
  ...allowAllNetwork,
  ...allowAllChildProcess,
  ...allowAllEnv,
});
