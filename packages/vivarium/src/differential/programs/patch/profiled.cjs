// A profile of collections: those a program asks for are in it, with the heap before and after.
const { GCProfiler } = require("v8");

const profiler = new GCProfiler();
console.log(profiler.stop());
profiler.start();
profiler.start();
gc();
const { version, startTime, endTime, statistics } = profiler.stop();
console.log(version, startTime <= endTime, profiler.stop());
const { gcType, cost, beforeGC, afterGC } = statistics.find((one) => one.gcType === "MarkSweepCompact");
console.log(gcType, cost >= 0, Object.keys(beforeGC), Object.keys(afterGC.heapStatistics));
console.log(Object.entries(afterGC.heapStatistics).filter(([, value]) => !(value >= 0)));
console.log(beforeGC.heapStatistics.usedHeapSize > 1e5, afterGC.heapStatistics.heapSizeLimit > 1e7);
for (const row of [beforeGC.heapSpaceStatistics[0], afterGC.heapSpaceStatistics[0]])
  console.log(Object.keys(row), typeof row.spaceName, row.spaceUsedSize <= row.spaceSize);
profiler.start();
console.log(profiler.stop().statistics.length);
