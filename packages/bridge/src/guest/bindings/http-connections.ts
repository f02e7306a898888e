import { append } from "../lib/define.ts";
import { NativeSet } from "../lib/intrinsics.ts";
import { SetProto } from "../primordials.ts";

/** A parser as the list of connections sees it. */
export interface Connected {
  readonly target: object;
  /** When the message under way began, milliseconds; 0: none is. */
  readonly messageStart: number;
  readonly headersCompleted: boolean;
}

/** The inner side of `ConnectionsList` (src/node_http_parser.cc). */
export class Connections {
  readonly #all = new NativeSet<Connected>();
  readonly #active = new NativeSet<Connected>();

  add(parser: Connected, isActive: boolean): void {
    SetProto.add(this.#all, parser);
    if (isActive) SetProto.add(this.#active, parser);
  }

  delete(parser: Connected): void {
    SetProto.delete(this.#all, parser);
    SetProto.delete(this.#active, parser);
  }

  all(): object[] {
    return collect(this.#all, () => true);
  }

  idle(): object[] {
    return collect(this.#all, ({ messageStart }) => messageStart === 0);
  }

  active(): object[] {
    return collect(this.#active, () => true);
  }

  /** Those that took too long, once each. Times in milliseconds; 0: no limit. Headers have no longer than the whole. */
  expired(first: number, second: number, now: number): object[] {
    const isSwapped = second > 0 && first > second;
    const headersTimeout = isSwapped ? second : first;
    const requestTimeout = isSwapped ? first : second;
    const isLate = (start: number, timeout: number): boolean => timeout > 0 && now > timeout && start < now - timeout;
    const found: Connected[] = [];
    SetProto.forEach(this.#active as Set<unknown>, (value) => {
      const parser = value as Connected;
      const { headersCompleted, messageStart } = parser;
      if ((!headersCompleted && isLate(messageStart, headersTimeout)) || isLate(messageStart, requestTimeout)) {
        append(found, parser);
      }
    });
    const targets: object[] = [];
    for (let i = 0; i < found.length; i++) {
      const parser = found[i] as Connected;
      SetProto.delete(this.#active, parser);
      append(targets, parser.target);
    }
    return targets;
  }
}

function collect(set: Set<Connected>, wanted: (parser: Connected) => boolean): object[] {
  const targets: object[] = [];
  SetProto.forEach(set as Set<unknown>, (value) => {
    if (wanted(value as Connected)) append(targets, (value as Connected).target);
  });
  return targets;
}
