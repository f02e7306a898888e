import type { Outside } from "@vivarium/core/cell";
import { connect } from "./connect.ts";
import { datagrams } from "./datagrams.ts";
import { resolver } from "./dns-resolver.ts";
import { listen } from "./listen.ts";
import { lookup, reverse } from "./names.ts";

/** The network outside the sandbox, through the host's own sockets and resolver. */
export const outside: Outside = { lookup, reverse, connect, listen, datagrams, resolver };
