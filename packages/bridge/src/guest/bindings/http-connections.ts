import { append } from "../lib/define.ts";

/** A parser as the list of connections sees it. */
export interface Connected {
  readonly target: object;
  /** When the message under way began, milliseconds; 0: none is. */
  readonly messageStart: number;
  readonly headersCompleted: boolean;
}

/** The place of one parser in a list of connections. */
export class Place {
  readonly parser: Connected;
  list: Connections | undefined;
  before: Place | undefined;
  after: Place | undefined;
  /** A message is under way that was not told to be late yet. */
  isActive = false;

  constructor(parser: Connected) {
    this.parser = parser;
  }
}

/**
 * The inner side of `ConnectionsList` (src/node_http_parser.cc), in the order of when something last began or ended. Each
 * message changes it twice, so that it is made of links.
 */
export class Connections {
  #first: Place | undefined;
  #last: Place | undefined;

  /** To the end of the list. */
  add(place: Place, isActive: boolean): void {
    place.list?.delete(place);
    place.list = this;
    place.isActive = isActive;
    place.before = this.#last;
    if (this.#last) this.#last.after = place;
    else this.#first = place;
    this.#last = place;
  }

  delete(place: Place): void {
    if (place.list !== this) return;
    const { before, after } = place;
    if (before) before.after = after;
    else this.#first = after;
    if (after) after.before = before;
    else this.#last = before;
    place.list = place.before = place.after = undefined;
    place.isActive = false;
  }

  all(): object[] {
    return this.#collect(() => true);
  }

  idle(): object[] {
    return this.#collect(({ parser }) => parser.messageStart === 0);
  }

  active(): object[] {
    return this.#collect(({ isActive }) => isActive);
  }

  /** Those that took too long, once each. Times in milliseconds; 0: no limit. Headers have no longer than the whole. */
  expired(first: number, second: number, now: number): object[] {
    const isSwapped = second > 0 && first > second;
    const headersTimeout = isSwapped ? second : first;
    const requestTimeout = isSwapped ? first : second;
    const isLate = (start: number, timeout: number): boolean => timeout > 0 && now > timeout && start < now - timeout;
    return this.#collect((place) => {
      const { headersCompleted, messageStart } = place.parser;
      const isExpired =
        place.isActive &&
        ((!headersCompleted && isLate(messageStart, headersTimeout)) || isLate(messageStart, requestTimeout));
      if (isExpired) place.isActive = false;
      return isExpired;
    });
  }

  #collect(wanted: (place: Place) => boolean): object[] {
    const targets: object[] = [];
    for (let place = this.#first; place; place = place.after) if (wanted(place)) append(targets, place.parser.target);
    return targets;
  }
}
