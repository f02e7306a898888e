// What the module shows without a session: exports, constants, settings.
"use strict";
const http2 = require("http2");

for (const name of Object.getOwnPropertyNames(http2)) {
  const value = http2[name];
  console.log(name, typeof value, value.name, value.length);
}
console.log(Object.getOwnPropertyDescriptors(http2.constants));
console.log(http2.sensitiveHeaders, http2.getDefaultSettings(), http2.getPackedSettings());

const pack = (settings) => {
  try {
    const packed = http2.getPackedSettings(settings);
    console.log(settings, packed, packed && http2.getUnpackedSettings(packed));
  } catch (error) {
    console.log(settings, error.name, error.code, error.message);
  }
};
pack({ headerTableSize: 1, enablePush: false, initialWindowSize: 2, maxFrameSize: 16385, maxConcurrentStreams: 5 });
pack({ maxHeaderListSize: 6, enableConnectProtocol: true, customSettings: { 1244: 456, 15: 2, 61440: 4294967295 } });
for (let id = 1; id < 12; id++) pack({ customSettings: { [id]: 20000 } });
for (const enablePush of [1, "yes", null]) pack({ enablePush });
pack({ headerTableSize: 2 ** 32 - 1, maxFrameSize: 2 ** 24 - 1, initialWindowSize: 2 ** 31 - 1 });
pack({ initialWindowSize: 2 ** 31 });
pack({ maxFrameSize: 16383 });
pack({ customSettings: Object.fromEntries(Array.from({ length: 11 }, (_, i) => [100 + i, 1])) });

for (const packed of ["00010000000a", "000600000400000200000000", "0009000000", "000200000002"]) {
  try {
    console.log(http2.getUnpackedSettings(Buffer.from(packed, "hex"), { validate: true }));
  } catch (error) {
    console.log(error.name, error.code, error.message);
  }
}
class Request extends http2.Http2ServerRequest {}
console.log(Request.name, Object.getOwnPropertyNames(http2.Http2ServerResponse.prototype).join());
