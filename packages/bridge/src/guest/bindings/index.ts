import type { InstallBinding } from "../realm.ts";
import { install as asyncContextFrame } from "./async-context-frame.ts";
import { install as asyncWrap } from "./async-wrap.ts";
import { install as blob } from "./blob.ts";
import { install as blockList } from "./block-list.ts";
import { install as buffer } from "./buffer.ts";
import { install as builtins } from "./builtins.ts";
import { install as caresWrap } from "./cares-wrap.ts";
import { install as config } from "./config.ts";
import { install as contextify } from "./contextify.ts";
import { install as credentials } from "./credentials.ts";
import { install as crypto } from "./crypto.ts";
import { install as encodingBinding } from "./encoding-binding.ts";
import { install as errors } from "./errors.ts";
import { install as fs } from "./fs.ts";
import { install as fsDir } from "./fs-dir.ts";
import { install as fsEventWrap } from "./fs-event-wrap.ts";
import { install as httpParser } from "./http-parser.ts";
import { install as http2 } from "./http2.ts";
import { install as icu } from "./icu.ts";
import { install as inspector } from "./inspector.ts";
import { install as internalOnlyV8 } from "./internal-only-v8.ts";
import { install as jsStream } from "./js-stream.ts";
import { install as messaging } from "./messaging.ts";
import { install as mksnapshot } from "./mksnapshot.ts";
import { install as moduleWrap } from "./module-wrap.ts";
import { install as modules } from "./modules.ts";
import { install as options } from "./options.ts";
import { install as os } from "./os.ts";
import { install as performance } from "./performance.ts";
import { install as permission } from "./permission.ts";
import { install as pipeWrap } from "./pipe-wrap.ts";
import { install as processMethods } from "./process-methods.ts";
import { install as processWrap } from "./process-wrap.ts";
import { install as report } from "./report.ts";
import { install as serdes } from "./serdes.ts";
import { install as signalWrap } from "./signal-wrap.ts";
import { install as spawnSync } from "./spawn-sync.ts";
import { install as streamPipe } from "./stream-pipe.ts";
import { install as streamWrap } from "./stream-wrap.ts";
import { install as stringDecoder } from "./string-decoder.ts";
import { install as symbols } from "./symbols.ts";
import { install as taskQueue } from "./task-queue.ts";
import { install as tcpWrap } from "./tcp-wrap.ts";
import { install as timers } from "./timers.ts";
import { install as tlsWrap } from "./tls-wrap.ts";
import { install as traceEvents } from "./trace-events.ts";
import { install as ttyWrap } from "./tty-wrap.ts";
import { install as types } from "./types.ts";
import { install as udpWrap } from "./udp-wrap.ts";
import { install as url } from "./url.ts";
import { install as util } from "./util.ts";
import { install as uv } from "./uv.ts";
import { install as v8 } from "./v8.ts";
import { install as vivarium } from "./vivarium.ts";
import { install as wasi } from "./wasi.ts";
import { install as wasmWebApi } from "./wasm-web-api.ts";
import { install as worker } from "./worker.ts";
import { install as zlib } from "./zlib.ts";

/** Every binding that is more than its manifest, by Node's name for it. */
export const installers: Readonly<Record<string, InstallBinding | undefined>> = {
  async_context_frame: asyncContextFrame,
  async_wrap: asyncWrap,
  blob,
  block_list: blockList,
  buffer,
  builtins,
  cares_wrap: caresWrap,
  config,
  contextify,
  credentials,
  crypto,
  encoding_binding: encodingBinding,
  errors,
  fs,
  fs_dir: fsDir,
  fs_event_wrap: fsEventWrap,
  http2,
  http_parser: httpParser,
  icu,
  inspector,
  internal_only_v8: internalOnlyV8,
  js_stream: jsStream,
  messaging,
  mksnapshot,
  module_wrap: moduleWrap,
  modules,
  options,
  os,
  performance,
  permission,
  pipe_wrap: pipeWrap,
  process_methods: processMethods,
  process_wrap: processWrap,
  report,
  serdes,
  signal_wrap: signalWrap,
  spawn_sync: spawnSync,
  stream_pipe: streamPipe,
  stream_wrap: streamWrap,
  string_decoder: stringDecoder,
  symbols,
  task_queue: taskQueue,
  tcp_wrap: tcpWrap,
  timers,
  tls_wrap: tlsWrap,
  trace_events: traceEvents,
  tty_wrap: ttyWrap,
  types,
  udp_wrap: udpWrap,
  url,
  util,
  uv,
  v8,
  vivarium,
  wasi,
  wasm_web_api: wasmWebApi,
  worker,
  zlib,
};
