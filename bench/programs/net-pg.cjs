// One query after the other. Prints the milliseconds.
const { Client } = require("pg");

/** A program that talks to a database lives long: what is measured is warm. */
const WARM = 5000;
const COUNT = 5000;

async function queries(client, count) {
  for (let i = 0; i < count; i++) {
    const { rows } = await client.query("select $1::int + 1 as next, repeat('x', 100) as text", [i]);
    if (rows[0].next !== i + 1) throw new Error("a wrong answer");
  }
}

(async () => {
  const client = new Client({ connectionString: process.env.SERVICE_URL });
  await client.connect();
  await queries(client, WARM);
  const started = performance.now();
  await queries(client, COUNT);
  console.log(performance.now() - started);
  await client.end();
})();
