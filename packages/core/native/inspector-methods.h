// What of the inspector's protocol a program may ask V8 for. Left out on purpose: what changes code that runs
// (setScriptSource, restartFrame), and what starts threads V8 does not stop with its isolate (the CPU profiler).
#pragma once
#include <isolate/v8_inspector_wrapper.h>

#include <string_view>

namespace {

constexpr std::string_view kMethods[] = {
    "Console.clearMessages",
    "Console.disable",
    "Console.enable",
    "Debugger.disable",
    "Debugger.enable",
    "Debugger.evaluateOnCallFrame",
    "Debugger.getPossibleBreakpoints",
    "Debugger.getScriptSource",
    "Debugger.pause",
    "Debugger.removeBreakpoint",
    "Debugger.resume",
    "Debugger.searchInContent",
    "Debugger.setAsyncCallStackDepth",
    "Debugger.setBlackboxPatterns",
    "Debugger.setBreakpoint",
    "Debugger.setBreakpointByUrl",
    "Debugger.setBreakpointsActive",
    "Debugger.setPauseOnExceptions",
    "Debugger.setSkipAllPauses",
    "Debugger.stepInto",
    "Debugger.stepOut",
    "Debugger.stepOver",
    "HeapProfiler.collectGarbage",
    "HeapProfiler.disable",
    "HeapProfiler.enable",
    "HeapProfiler.getSamplingProfile",
    "HeapProfiler.startSampling",
    "HeapProfiler.stopSampling",
    "HeapProfiler.takeHeapSnapshot",
    "Profiler.disable",
    "Profiler.enable",
    "Profiler.getBestEffortCoverage",
    "Profiler.startPreciseCoverage",
    "Profiler.stopPreciseCoverage",
    "Profiler.takePreciseCoverage",
    "Runtime.addBinding",
    "Runtime.awaitPromise",
    "Runtime.callFunctionOn",
    "Runtime.compileScript",
    "Runtime.disable",
    "Runtime.discardConsoleEntries",
    "Runtime.enable",
    "Runtime.evaluate",
    "Runtime.getExceptionDetails",
    "Runtime.getHeapUsage",
    "Runtime.getIsolateId",
    "Runtime.getProperties",
    "Runtime.globalLexicalScopeNames",
    "Runtime.queryObjects",
    "Runtime.releaseObject",
    "Runtime.releaseObjectGroup",
    "Runtime.removeBinding",
    "Runtime.runIfWaitingForDebugger",
    "Runtime.runScript",
    "Runtime.setAsyncCallStackDepth",
    "Schema.getDomains",
};

bool IsOffered(std::string_view method) {
  for (std::string_view offered : kMethods) {
    if (offered == method) return true;
  }
  return false;
}

}  // namespace
