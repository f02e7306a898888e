// File names are bytes: those that are not UTF-8, in every encoding and call.
const fs=require('fs'),os=require('os'),path=require('path');
const d=fs.mkdtempSync(os.tmpdir()+'/u-'); const B=(...b)=>Buffer.concat([Buffer.from(d+'/'),Buffer.from(b)]);
const names=[[0xff,0x61],[0x61,0xd8,0x04,0xdc],[0xf0,0x9f,0x90],[0xc3,0xa4],[0xed,0xa0,0x80],[0xf0,0x9f,0x90,0x84,0x80],[0x7a]];
for(const n of names) fs.writeFileSync(B(...n), Buffer.from(n).toString('hex'));
for (const e of ['buffer','utf8','latin1','hex']) console.log(e, fs.readdirSync(d,{encoding:e}).map(x=>typeof x==='string'?x:x.toString('hex')).sort());
for(const n of names) console.log(fs.readFileSync(B(...n),'utf8'), fs.existsSync(d+'/'+Buffer.from(n)), fs.statSync(B(...n)).isFile());
try { fs.readFileSync(B(0xfe)) } catch(e) { console.log(e.message.replace(d,'D'), e.path.replace(d,'D')) }
fs.writeFileSync(d+'/\ud800x','s'); console.log(fs.existsSync(d+'/\ufffdx'), fs.existsSync(d+'/\udc80x'));
fs.mkdirSync(B(0x80)); fs.writeFileSync(Buffer.concat([B(0x80),Buffer.from('/in')]),'in'); console.log(fs.readFileSync(Buffer.concat([B(0x80),Buffer.from('/in')]),'utf8'));
fs.symlinkSync(B(0xff,0x61), B(0xfd)); console.log(fs.readlinkSync(B(0xfd),'buffer').subarray(-2), fs.readFileSync(B(0xfd),'utf8'), fs.realpathSync.native(B(0xfd),'buffer').subarray(-2));
fs.rmSync(d,{recursive:true}); console.log(fs.existsSync(d));
