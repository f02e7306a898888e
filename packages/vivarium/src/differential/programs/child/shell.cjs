const { exec, execSync, spawnSync, execFile } = require('child_process');
const run = (c, o) => new Promise(r => exec(c, o, (e, so, se) => { console.log(JSON.stringify([c, e && [e.code, e.signal, e.killed], so, se]).replaceAll(process.execPath,'NODE')); r(); }));
const N = `"${process.execPath}"`;
(async () => {
  for (const c of ['echo hi', 'echo a   "b  c" \'d $HOME\' $X ${X}y ${U:-def}', 'foo', 'foo || echo no', 'true && echo yes; false', 'exit 3',
    `${N} -p 1+1`, `${N} -e "process.exit(5)"`, `${N} -p 1 | cat`, `echo 'console.log(42)' | ${N}`, `X=5 ${N} -p process.env.X`, `${N} -e "console.error(1);console.log(2)" 2>&1 >/dev/null`,
    `echo one > f.txt; echo two >> f.txt; cat f.txt; cat < f.txt`, `cat nope`, `cat < nope`, `cd /nope`, `cd .. && pwd > /dev/null && echo $?`, 'echo $(echo sub) `echo back`', `ulimit -c 0 && exec ${N} -p 7`, `${N} -e "process.kill(process.pid,'SIGTERM');setTimeout(()=>{},1000)"`,
    `(exit 4); echo $?`, `{ echo a; echo b; } | cat`, 'printf "%s-%d\\n" a 5 b 6', 'test -f f.txt && echo file; [ 1 = 2 ] || echo ne', 'echo "unterminated', 'a && && b', 'echo *.txt', `${N} -e "setInterval(()=>{},9)" & kill $!; wait; echo done`, '! true; echo $?', 'echo -n x; echo "a\\tb"', `sh -c 'echo $0 $1' a b`, `A=1; echo $A; export A; ${N} -p process.env.A`])
    await run(c, { env: { X: 'xx', HOME: '/h' , PATH: process.env.PATH} });
  console.log(String(execSync('echo sync')), spawnSync('echo $0 "$@"', ['a', 'b'], { shell: true }).stdout + '');
  try { execSync('exit 9', {stdio:'pipe'}) } catch (e) { console.log(e.status, e.message) }
  exec('sleep 10', { timeout: 100 }, (e, a, b) => console.log(e.killed, e.signal, e.code));
})();
