// What the native helper keeps for each isolate.
#pragma once
#include <v8.h>

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

using v8::Array;
using v8::Context;
using v8::Data;
using v8::FixedArray;
using v8::Function;
using v8::FunctionCallback;
using v8::FunctionCallbackInfo;
using v8::HandleScope;
using v8::Integer;
using v8::Isolate;
using v8::Local;
using v8::MaybeLocal;
using v8::Module;
using v8::ModuleRequest;
using v8::Object;
using v8::Persistent;
using v8::PrimitiveArray;
using v8::Promise;
using v8::PromiseRejectMessage;
using v8::Proxy;
using v8::ScriptCompiler;
using v8::ScriptOrigin;
using v8::String;
using v8::TryCatch;
using v8::Value;

namespace {

// Persistent, not Global: its destructor leaves the handle alone. A disposed isolate has freed its handles already, and
// another isolate may come to live at the same address.
struct ScriptEntry {
  Persistent<v8::UnboundScript> script;
  Persistent<String> source;
};

struct ModuleEntry {
  Persistent<Module> module;
  Persistent<Context> context;
  // Of a synthetic module: none.
  Persistent<String> source;
  // By specifier and attributes: the number of the module a request stands for.
  std::map<std::string, int> links;
};

// What a program looks at itself with (inspector.h).
class Debugger;

struct Hooks {
  Persistent<Context> context;
  Persistent<Function> on_reject;
  // What the reject callback threw, described: for want of stack it cannot tell by itself.
  Persistent<Value> reject_failure;
  Persistent<Function> prepare_stack_trace;
  Persistent<Function> import;
  Persistent<Function> import_meta;
  Persistent<Function> evaluate;
  std::deque<ScriptEntry> scripts;
  std::deque<ModuleEntry> modules;
  // Module numbers by identity hash.
  std::multimap<int, int> numbers;
  // Of the contexts made for `vm`, weak.
  std::deque<Persistent<Context>> contexts;
  Debugger* debugger = nullptr;
};

std::mutex mutex;
// Leaked on purpose: nothing of V8's may be touched while the process ends.
std::map<Isolate*, Hooks>& all = *new std::map<Isolate*, Hooks>();

Hooks& HooksOf(Isolate* isolate) {
  std::lock_guard<std::mutex> lock(mutex);
  return all[isolate];
}

void ForgetStale(Isolate* isolate) {
  Hooks& hooks = HooksOf(isolate);
  hooks.context.Clear();
  hooks.on_reject.Clear();
  hooks.reject_failure.Clear();
  hooks.prepare_stack_trace.Clear();
  hooks.import.Clear();
  hooks.import_meta.Clear();
  hooks.evaluate.Clear();
  hooks.scripts.clear();
  hooks.modules.clear();
  hooks.numbers.clear();
  hooks.contexts.clear();
  // Never deleted: what it would let go of went with its isolate.
  hooks.debugger = nullptr;
}

using Info = const FunctionCallbackInfo<Value>&;

}  // namespace
