// Command lines node does not follow, one by one: what they print and how they end.
const { spawnSync } = require("node:child_process");

const cases = [
  [["--foo"]],
  [["--foo=3", "x"]],
  [["--no-foo"]],
  [["-x", "--bar_baz"]],
  [["-e"]],
  [["--eval"]],
  [["--eval="]],
  [["-pe"]],
  [["-r"]],
  [["-C"]],
  [["--conditions"]],
  [["--title"]],
  [["--eval", "-p"]],
  [["--no-eval"]],
  [["--no-max-http-header-size"]],
  [["--no-no-warnings"]],
  [["--unhandled-rejections=x", "-p", "1"]],
  [["--input-type=foo", "-e", "1"]],
  [["--check", "--eval", "1"]],
  [["--test", "--check"]],
  [["--watch", "--eval", "1"]],
  [["--watch"]],
  [["--use-openssl-ca", "--use-bundled-ca"]],
  [["--secure-heap=3", "-p", "1"]],
  [["--heapsnapshot-near-heap-limit=-1", "-p", "1"]],
  [["--heap-prof-interval=5", "-p", "1"]],
  [["--disable-proto=x", "-p", "1"]],
  [["--security-revert=foo"]],
  [["--security-reverts=foo,bar"]],
];

const clean = (text) =>
  text
    .replaceAll(process.execPath, "NODE")
    .replaceAll(process.cwd(), "CWD")
    .replaceAll(/\(node:\d+\)/g, "(node:PID)");
for (const [args, given = {}] of cases) {
  const { input = "", ...env } = given;
  const child = spawnSync(process.execPath, args, { argv0: "node", env, input, encoding: "utf8" });
  console.log(JSON.stringify(args), JSON.stringify(env), child.status, child.signal);
  if (child.stdout) console.log("out:", clean(child.stdout));
  if (child.stderr) console.log("err:", clean(child.stderr));
}
