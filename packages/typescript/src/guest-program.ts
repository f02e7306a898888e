/** What the guest half is asked. */
export interface StripRequest {
  readonly source: string;
  readonly filePath: string;
  readonly transform: boolean;
}

/** The guest half's answer: the JavaScript, or the syntax error as data. */
export type StripAnswer =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly stack: string };

/** A CommonJS program that strips types with the sandbox's own Node and exports a `StripAnswer`. */
export const stripProgram = (request: StripRequest): string => `
const { source, filePath, transform } = ${JSON.stringify(request)};
const { stripTypeScriptTypes } = require("node:module");
const options = transform ? { mode: "transform", sourceMap: true, sourceUrl: filePath } : { mode: "strip" };
process.removeAllListeners("warning");
try {
  module.exports = { ok: true, text: stripTypeScriptTypes(source, options) };
} catch (error) {
  const { code, message, stack } = error;
  if (code !== "ERR_INVALID_TYPESCRIPT_SYNTAX" && code !== "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") throw error;
  module.exports = { ok: false, code, message, stack };
}
`;
