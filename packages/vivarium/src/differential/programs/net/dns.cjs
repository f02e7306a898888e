// A resolver asks name servers of the program's own, which answer every way there is.
const dgram = require("node:dgram");
const dns = require("node:dns");
const net = require("node:net");

const TYPES = { A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28, SRV: 33, NAPTR: 35, TLSA: 52, CAA: 257 };
const name = (text) =>
  Buffer.concat([
    ...text
      .split(".")
      .filter(Boolean)
      .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0]),
  ]);
const numbers = (bytes, ...values) =>
  Buffer.concat(
    values.map((value) => {
      const part = Buffer.alloc(bytes);
      part.writeUIntBE(value, 0, bytes);
      return part;
    }),
  );
const string = (value) => {
  const bytes = Buffer.from(value);
  return Buffer.concat([numbers(1, bytes.length), bytes]);
};
const record = (type, ttl, ...data) => {
  const bytes = Buffer.concat(data);
  return Buffer.concat([
    name("owner.test"),
    numbers(2, TYPES[type] ?? type, 1),
    numbers(4, ttl),
    numbers(2, bytes.length),
    bytes,
  ]);
};
const a = (address, ttl = 7) => record("A", ttl, Buffer.from(address.split(".").map(Number)));
const aaaa = (last, ttl = 8) => record("AAAA", ttl, Buffer.alloc(15), Buffer.from([last]));
const cname = (target, ttl = 5) => record("CNAME", ttl, name(target));

/** What each name has, by its first label: records, or how the answer goes wrong. */
const ZONE = {
  plain: { answers: [a("1.2.3.4"), a("5.6.7.8", 60)] },
  six: { answers: [aaaa(1), aaaa(66)] },
  both: { answers: [a("1.2.3.4"), aaaa(1)] },
  alias: { answers: [cname("target.test")] },
  chain: { answers: [cname("mid.test", 3), cname("end.test", 9), a("1.2.3.4")] },
  mail: { answers: [record("MX", 1, numbers(2, 10), name("a.mx.test")), record("MX", 1, numbers(2, 5), name("b.mx.test"))] },
  servers: { answers: [record("NS", 1, name("n1.test")), record("NS", 1, name("n2.test"))] },
  text: { answers: [record("TXT", 1, string("é"), string("b")), record("TXT", 1, string(Buffer.from([255, 0, 65]))), record("TXT", 1, string(""))] },
  service: { answers: [record("SRV", 1, numbers(2, 1, 2, 3), name("h.test"))] },
  pointer: { answers: [record("PTR", 1, name("p.test")), record("PTR", 1, name("q.test"))] },
  naptr: { answers: [record("NAPTR", 1, numbers(2, 1, 2), string("s"), string("SIP+D2U"), string(""), name("_sip._udp.test"))] },
  soa: { answers: [record("SOA", 1, name("m.test"), name("r.test"), numbers(4, 4294967295, 4294967295, 1, 2, 3))] },
  tlsa: { answers: [a("1.1.1.1"), record("TLSA", 1, Buffer.from([3, 1, 1]), Buffer.from("abc"))] },
  caa: { answers: [record("CAA", 1, numbers(1, 0), string("issue"), Buffer.from("ca.test")), record("CAA", 1, numbers(1, 128), string("iodef"), Buffer.from("mailto:x"))] },
  unknown: { answers: [record(999, 1, Buffer.from("zz"))] },
  empty: { answers: [] },
  formerr: { code: 1 },
  servfail: { code: 2 },
  nxdomain: { code: 3 },
  notimp: { code: 4 },
  refused: { code: 5 },
  other: { code: 9 },
  large: { truncated: true, answers: [] },
};
const ODD = {
  short: (query) => [query.subarray(0, 5)],
  garbage: (query) => [Buffer.concat([query.subarray(0, 12), Buffer.from([255, 255, 255])])],
  echo: (query) => [query],
  silent: () => [],
  nothing: () => [Buffer.alloc(0)],
  cut: (query) => [answer(query, ZONE.plain).subarray(0, -3)],
  wrongid: (query) => {
    const forged = answer(query, { answers: [a("6.6.6.6")] });
    forged[0] ^= 255;
    return [forged, answer(query, ZONE.plain)];
  },
  wrongname: (query) => {
    const forged = answer(query, { answers: [a("6.6.6.6")] });
    forged[13] ^= 1;
    return [forged, answer(query, ZONE.plain)];
  },
  noquestion: (query) => {
    const bare = Buffer.from(answer(query, ZONE.plain).subarray(0, 12));
    bare.writeUInt16BE(0, 4);
    bare.writeUInt16BE(0, 6);
    return [bare];
  },
};

function answer(query, { code = 0, truncated = false, answers = [] }) {
  const head = Buffer.concat([query.subarray(0, 2), Buffer.from([truncated ? 0x83 : 0x81, 0x80 | code]), numbers(2, 1, answers.length, 0, 0)]);
  return Buffer.concat([head, query.subarray(12), ...answers]);
}
const labelOf = (query) => query.toString("latin1", 13, 13 + query[12]).toLowerCase();

let asked = 0;
const udp = dgram.createSocket("udp4").on("message", (query, { port, address }) => {
  asked += 1;
  const label = labelOf(query);
  const replies = ODD[label] ? ODD[label](query) : [answer(query, ZONE[label] ?? { code: 3 })];
  for (const reply of replies) udp.send(reply, port, address);
});
const tcp = net.createServer((socket) => {
  socket.once("data", (framed) => {
    const query = framed.subarray(2);
    const reply = answer(query, { answers: Array.from({ length: 200 }, (_, i) => a(`10.0.0.${i}`)) });
    // In two pieces, so that the length and the message do not come together.
    const whole = Buffer.concat([numbers(2, reply.length), reply]);
    socket.write(whole.subarray(0, 100), () => socket.end(whole.subarray(100)));
  });
});

const show = (value) =>
  JSON.stringify(value, (_key, part) =>
    part instanceof ArrayBuffer ? { bytes: Buffer.from(part).toString() } : part === undefined ? "hole" : part,
  );
async function print(label, promise) {
  asked = 0;
  try {
    const value = await promise;
    console.log(label, show(value), asked);
  } catch (error) {
    const { message, code, errno, syscall, hostname } = error;
    console.log(label, "!", message, code, errno, syscall, hostname, Object.keys(error).join(), asked);
  }
}

const METHODS = ["resolve4", "resolve6", "resolveAny", "resolveCname", "resolveMx", "resolveNs", "resolveTxt", "resolveSrv", "resolvePtr", "resolveNaptr", "resolveSoa", "resolveCaa", "resolveTlsa"];

async function main(port) {
  const resolver = new dns.promises.Resolver({ timeout: 200, tries: 2 });
  resolver.setServers([`127.0.0.1:${port}`]);
  for (const method of METHODS)
    for (const label of Object.keys(ZONE)) await print(`${method} ${label}`, resolver[method](`${label}.test`));
  await print("ttl", resolver.resolve4("plain.test", { ttl: true }));
  await print("ttl of a chain", resolver.resolve4("chain.test", { ttl: true }));
  for (const label of Object.keys(ODD)) await print(`odd ${label}`, resolver.resolve4(`${label}.test`));
  for (const text of ["", ".", "a..b", `${"a".repeat(64)}.test`, "é.test", "a b.test", "plain.test.", "PLAIN.test", "x_y.test", "a.onion", "%", `${"a.".repeat(130)}test`])
    await print(`name ${JSON.stringify(text)}`, resolver.resolve4(text));
  await print("reverse v4", resolver.reverse("1.2.3.4"));
  await print("reverse v6", resolver.reverse("2001:db8::1"));
  for (const bad of ["bad", "1.2.3", ""]) await resolver.reverse(bad).catch((error) => console.log("reverse", bad, error.code, error.errno, error.message));

  const other = new dns.promises.Resolver({ timeout: 200, tries: 2 });
  const nobody = dgram.createSocket("udp4");
  await new Promise((resolve) => nobody.bind(0, "127.0.0.1", resolve));
  const closed = nobody.address().port;
  await new Promise((resolve) => nobody.close(resolve));
  other.setServers([`127.0.0.1:${closed}`, `127.0.0.1:${port}`]);
  await print("the second server", other.resolve4("plain.test"));
  await print("the one that failed comes last", other.resolve4("silent.test"));
  other.setServers([]);
  console.log(other.getServers());
  await print("no server", other.resolve4("plain.test"));
  other.setServers(["1.2.3.4", "1.2.3.4:53", "[::0:1]:99", "::ffff:1.2.3.4", "5.6.7.8:5353", "5.6.7.8"]);
  console.log(other.getServers());
  for (const bad of [["x"], ["1.2.3"], [1], "1.2.3.4"])
    try {
      other.setServers(bad);
    } catch (error) {
      console.log(error.code, error.message);
    }
  for (const own of [["127.0.0.1"], ["::1", "127.0.0.1"], ["::1", "::1"], ["127.0.0.1", "127.0.0.1"], ["x"], ["127.0.0.1", "x"]])
    try {
      console.log(own.join(), other.setLocalAddress(...own));
    } catch (error) {
      console.log(own.join(), error.code, error.message);
    }
  other.setServers([`127.0.0.1:${port}`]);
  await print("own address", other.resolve4("plain.test"));

  const cancelled = new dns.Resolver();
  cancelled.setServers([`127.0.0.1:${port}`]);
  await new Promise((resolve) => {
    let left = 3;
    const done = (label) => (error) => {
      console.log("cancel", label, error.code, error.message);
      left -= 1;
      if (left === 0) resolve();
    };
    for (const label of ["one", "two", "three"]) cancelled.resolve4("silent.test", done(label));
    try {
      cancelled.setServers(["1.1.1.1"]);
    } catch (error) {
      console.log(error.code, error.message);
    }
    cancelled.cancel();
    process.nextTick(() => console.log("tick"));
    setImmediate(() => console.log("immediate"));
  });
  cancelled.cancel();
  cancelled.setServers(["1.1.1.1"]);
  console.log(cancelled.getServers());
  const patient = new dns.promises.Resolver();
  patient.setServers([`127.0.0.1:${port}`]);
  const many = await Promise.all(Array.from({ length: 60 }, (_, i) => patient.resolve4(i % 2 ? "plain.test" : "chain.test")));
  console.log(many.length, show(many[58]), show(many[59]));
  await resolver.resolve4("nxdomain.test").catch((error) => console.log(error.stack, error));
  cancelled.setServers([`127.0.0.1:${port}`]);
  cancelled.resolve4("nxdomain.test", (error) => {
    console.log(error.stack);
    udp.close();
    tcp.close();
  });
}

udp.bind(0, "127.0.0.1", () => {
  const { port } = udp.address();
  tcp.listen(port, "127.0.0.1", () => main(port));
});
process.on("exit", (code) => console.log("exit", code));
