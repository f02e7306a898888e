import type { NetworkNeed } from "@vivarium/bridge/contract";
import type { Granted } from "../granted.ts";

/** What was granted, of a grant for a step towards the network. @throws TypeError for any other grant */
export function networkNeedOf({ need }: Granted): NetworkNeed {
  if (need.domain !== "network") throw new TypeError(`a grant of ${need.domain} where one of the network is needed`);
  return need;
}
