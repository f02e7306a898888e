import { StringProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";


interface Walker {
  readonly parse: (source: string, options: Record<string, unknown>) => unknown;
}

/** The first `await` outside a function, by letting the parser stumble over it. */
function firstAwait(realm: Realm, source: string): number | undefined {
  const acorn = realm.requireBuiltin<Walker>("internal/deps/acorn/acorn/dist/acorn");
  try {
    acorn.parse(source, { ecmaVersion: "latest", sourceType: "module", allowAwaitOutsideFunction: false });
    return undefined;
  } catch (error) {
    return (error as { pos?: number }).pos;
  }
}

/** Warns of a top-level await that never settles, as `src/api/embed_helpers.cc` does before exit code 13. */
export function reportUnsettled(realm: Realm): void {
  const { Buffer } = realm.requireBuiltin<{ Buffer: { from(text: string): Uint8Array } }>("buffer");
  const print = (text: string): void => realm.sys.stdio.write(2, Buffer.from(text));
  const module = (realm.global as unknown as Record<symbol, { url?: string } | undefined>)[
    realm.privateSymbols["entry_point_module_private_symbol"] as symbol
  ];
  const url = module?.url;
  if (url === undefined || !StringProto.startsWith(url, "file://")) return;
  const source = realm.sourceText(decodeURIComponent(StringProto.slice(url, "file://".length)));
  const at = firstAwait(realm, source);
  if (at === undefined) return;
  const before = StringProto.slice(source, 0, at);
  const lines = StringProto.split(before, "\n");
  const column = (lines[lines.length - 1] as string).length;
  const text = StringProto.split(source, "\n")[lines.length - 1] as string;
  print(
    `Warning: Detected unsettled top-level await at ${url}:${lines.length}\n${text}\n${StringProto.repeat(" ", column)}^\n\n\n`,
  );
}
