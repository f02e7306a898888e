import { createNodeDriver, NodeRuntime } from "../packages/vivarium/src/index.ts";
const rt=new NodeRuntime({driver:createNodeDriver({moduleAccess:false},{cellEntry:new URL('../packages/node-driver/dist/cell-trace.js',import.meta.url).pathname}),pool:{size:1}});
await new Promise(r=>setTimeout(r,600));
for(let i=0;i<3;i++){const s=performance.now();const r=await rt.run("module.exports=42",{filePath:"/app/main.cjs"});console.log((performance.now()-s).toFixed(1),r.exports,r.usage.startMs.toFixed(1));await new Promise(r=>setTimeout(r,200));}
await rt.dispose();process.exit(0)
