// One fetch after the other from the server at PORT. Prints the milliseconds.
const WARM = 200;
const COUNT = 1000;
const url = `http://127.0.0.1:${process.env.PORT}/`;

async function calls(count) {
  for (let i = 0; i < count; i++) {
    const { hello } = await (await fetch(url)).json();
    if (hello !== "world") throw new Error("a wrong answer");
  }
}

(async () => {
  await calls(WARM);
  const started = performance.now();
  await calls(COUNT);
  console.log(performance.now() - started);
})();
