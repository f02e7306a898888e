const v8 = require("node:v8");
const net = require("node:net");
const zlib = require("node:zlib");
const { createSecretKey } = require("node:crypto");

const objects = {
  port: () => new MessageChannel().port1,
  serializer: () => new v8.Serializer(),
  deserializer: () => new v8.Deserializer(Buffer.alloc(2)),
  key: () => createSecretKey(Buffer.from("secret")),
  blob: () => new Blob(["text"]),
  list: () => new net.BlockList(),
  zlib: () => zlib.createGzip()._handle,
};

for (const [name, make] of Object.entries(objects)) {
  const object = make();
  const serializer = new v8.Serializer();
  const seen = [];
  serializer._writeHostObject = (host) => {
    seen.push(host === object);
    serializer.writeUint32(7);
  };
  serializer.writeHeader();
  serializer.writeValue({ object, again: object });
  console.log(name, seen, serializer.releaseBuffer().toString("hex"));
  object.close?.();
  try {
    v8.serialize(make());
    console.log(name, "written");
  } catch (error) {
    console.log(name, error.name, error.message.split("\n")[0].slice(0, 40));
  }
}
process.exit();
