/** Error codes of the protocol (RFC 9113 section 7). */
export const ErrorCode = {
  noError: 0,
  protocol: 1,
  internal: 2,
  flowControl: 3,
  settingsTimeout: 4,
  streamClosed: 5,
  frameSize: 6,
  refusedStream: 7,
  cancel: 8,
  compression: 9,
  connect: 10,
  enhanceYourCalm: 11,
} as const;

/** Numbers nghttp2 gives its failures; Node's library tells some apart and prints the rest. */
export const Failure = {
  invalidArgument: -501,
  protocol: -505,
  deferred: -508,
  noStreamId: -509,
  streamClosed: -510,
  streamClosing: -511,
  shutWrite: -512,
  invalidStreamId: -513,
  invalidStreamState: -514,
  startNotAllowed: -516,
  pushDisabled: -528,
  dataExists: -529,
  sessionClosing: -530,
  httpHeader: -531,
  httpMessaging: -532,
  refusedStream: -533,
  internal: -534,
  cancelled: -535,
  settingsExpected: -536,
  tooManySettings: -537,
  headerCompression: -523,
  flowControl: -524,
  frameSize: -522,
  callback: -902,
  badClientMagic: -903,
  flooded: -904,
  tooManyContinuations: -905,
} as const;

/** From 0 down to -501 nothing is named, so the table begins there. */
const FIRST = -501;
const TEXTS: readonly (string | undefined)[] = [
  "Invalid argument",
  "Out of buffer space",
  "Unsupported SPDY version",
  "Operation would block",
  "Protocol error",
  "Invalid frame octets",
  "EOF",
  "Data transfer deferred",
  "No more Stream ID available",
  "Stream was already closed or invalid",
  "Stream is closing",
  "The transmission is not allowed for this stream",
  "Stream ID is invalid",
  "Invalid stream state",
  "Another DATA frame has already been deferred",
  "request HEADERS is not allowed",
  "GOAWAY has already been sent",
  "Invalid header block",
  "Invalid state",
  undefined,
  "The user callback function failed due to the temporal error",
  "The length of the frame is invalid",
  "Header compression/decompression error",
  "Flow control error",
  "Insufficient buffer size given to function",
  "Callback was paused by the application",
  "Too many inflight SETTINGS",
  "Server push is disabled by peer",
  "DATA or HEADERS frame has already been submitted for the stream",
  "The current session is closing",
  "Invalid HTTP header field was received",
  "Violation in HTTP messaging rule",
  "Stream was refused",
  "Internal error",
  "Cancel",
  "When a local endpoint expects to receive SETTINGS frame, it receives an other type of frame",
  "SETTINGS frame contained more than the maximum allowed entries",
];
const FATAL = -901;
const FATAL_TEXTS: readonly string[] = [
  "Out of memory",
  "The user callback function failed",
  "Received bad client magic byte string",
  "Flooding was detected in this HTTP/2 session, and it must be closed",
  "Too many CONTINUATION frames following a HEADER frame",
];

/** What `NghttpError` says of a number (`nghttp2_strerror`). */
export function failureText(failure: number): string {
  if (failure === 0) return "Success";
  return TEXTS[FIRST - failure] ?? FATAL_TEXTS[FATAL - failure] ?? "Unknown error code";
}
