import { type Decision, quote } from "@vivarium/core";

/** After so many lines about different denials, the rest are only counted. */
const MAX_LINES = 50;

/** A guest-chosen text as it may stand on a terminal. */
const show = (text: string): string => (quote(text) === `"${text}"` ? text : quote(text));

/** `--allow-...` at the end of a cure, where a flag can say it; else the SDK's option. */
const flagOf = (cure: string): string => /\((--allow-.*)\)$/s.exec(cure)?.[1] ?? cure;

/** Says each denial once, with the flag that would allow it. */
export class Denials {
  readonly #say: (text: string) => void;
  readonly #seen = new Set<string>();

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  readonly note = ({ allowed, domain, op, resource, cure }: Decision): void => {
    const key = `${domain}.${op} ${resource}`;
    if (allowed || this.#seen.size >= MAX_LINES || this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#say(`denied ${domain}.${op} ${show(resource)}; allow it with ${flagOf(cure)}`);
    if (this.#seen.size === MAX_LINES) this.#say("more denials follow and are not shown");
  };
}
