import { failureText } from "../http2/errors.ts";
import { dataDescriptor } from "../lib/define.ts";
import { objectKeys, reflectDefineProperty } from "../primordials.ts";
import type { InstallBinding } from "../realm.ts";
import { SettingsBuffer } from "./http2-settings.ts";

/** Constants that do not show when somebody lists them (NODE_DEFINE_HIDDEN_CONSTANT of src/node_http2.cc). */
const HIDDEN: Readonly<Record<string, true | undefined>> = {
  __proto__: null as never,
  NGHTTP2_HCAT_REQUEST: true,
  NGHTTP2_HCAT_RESPONSE: true,
  NGHTTP2_HCAT_PUSH_RESPONSE: true,
  NGHTTP2_HCAT_HEADERS: true,
  NGHTTP2_NV_FLAG_NONE: true,
  NGHTTP2_NV_FLAG_NO_INDEX: true,
  NGHTTP2_ERR_DEFERRED: true,
  NGHTTP2_ERR_STREAM_ID_NOT_AVAILABLE: true,
  NGHTTP2_ERR_INVALID_ARGUMENT: true,
  NGHTTP2_ERR_STREAM_CLOSED: true,
  NGHTTP2_ERR_NOMEM: true,
  STREAM_OPTION_EMPTY_PAYLOAD: true,
  STREAM_OPTION_GET_TRAILERS: true,
};

/** `internalBinding('http2')` (src/node_http2.cc). */
export const install: InstallBinding = (binding, realm) => {
  const constants = binding["constants"] as Record<string, unknown>;
  const names = objectKeys(constants);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    reflectDefineProperty(constants, name, dataDescriptor(constants[name], HIDDEN[name] !== true, false, false));
  }

  const settings = new SettingsBuffer(realm, binding);
  binding["refreshDefaultSettings"] = function refreshDefaultSettings(): void {
    settings.showDefaults();
  };
  binding["packSettings"] = function packSettings(): Uint8Array | undefined {
    return settings.pack();
  };
  binding["nghttp2ErrorString"] = function nghttp2ErrorString(failure: unknown): string {
    return failureText((failure as number) | 0);
  };
  binding["setCallbackFunctions"] = function setCallbackFunctions(): void {};
};
