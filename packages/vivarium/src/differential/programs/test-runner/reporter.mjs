// What a run of node:test tells, without times.
const timeless = (key, value) => (/duration|^cpu|_ms$/.test(key) ? undefined : value instanceof Error ? value.message : value);

export default async function* report(source) {
  for await (const { type, data } of source) yield `${type} ${JSON.stringify(data, timeless)}\n`;
}
