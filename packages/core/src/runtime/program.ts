interface Preloads {
  /** Modules loaded before the program, as `node -r` does. */
  readonly require?: readonly string[] | undefined;
  /** Command line options of Node before the program, `--name` or `--name=value`; they show in `process.execArgv`. */
  readonly flags?: readonly string[] | undefined;
}

/** What a run executes. */
export type Program = Preloads &
  (
    | { readonly kind: "file"; readonly filePath: string }
    /** As `node -e CODE`, or `node -p CODE` with `print`. */
    | { readonly kind: "eval"; readonly code: string; readonly print?: boolean | undefined }
    /** As if `code` stood in `filePath`, whether a file is there or not. */
    | { readonly kind: "source"; readonly code: string; readonly filePath: string }
  );

/** Where code stands that came without a path: a plain `.js` file, CommonJS or ES module by its syntax. */
export const DEFAULT_FILE_PATH = "/app/main.js";
