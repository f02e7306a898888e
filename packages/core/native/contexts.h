// Contexts of their own for `vm` (src/node_contextify.cc): how one is made, and what it may compile.
#pragma once
#include "global-handlers.h"
#include "inspector.h"

namespace {

// A new context is made from the snapshot, which holds a library that is connected to nothing. All of it goes before
// anybody sees the context. WebAssembly stays: the guest's binding lays its limits over it. So does the gc() that V8 lets
// nobody take away where its flag is set.
constexpr char kSweep[] = R"js((() => {
  const keep = ("Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date " +
    "Promise RegExp Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError " +
    "globalThis JSON Math Intl ArrayBuffer Atomics Uint8Array Int8Array Uint16Array Int16Array Uint32Array " +
    "Int32Array Float32Array Float64Array Uint8ClampedArray BigUint64Array BigInt64Array DataView Map BigInt Set " +
    "Iterator WeakMap WeakSet WeakRef Proxy Reflect FinalizationRegistry SharedArrayBuffer decodeURI " +
    "decodeURIComponent encodeURI encodeURIComponent escape unescape eval isFinite isNaN WebAssembly gc").split(" ");
  const { ownKeys, deleteProperty, defineProperty } = Reflect;
  const left = ownKeys(globalThis).filter((key) => !keep.includes(key) && !deleteProperty(globalThis, key));
  deleteProperty(Error, "prepareStackTrace");
  const console = {};
  for (const name of ("debug error info log warn dir dirxml table trace group groupCollapsed groupEnd clear count " +
    "countReset assert profile profileEnd time timeLog timeEnd timeStamp context").split(" "))
    console[name] = { [name]() {} }[name];
  defineProperty(globalThis, "console", { value: console, writable: true, enumerable: false, configurable: true });
  return left.length;
})())js";

// Code from strings and WebAssembly, each switched off for contexts that were made so; isolated-vm's own answer to V8
// is always yes. The marks stand in the context itself, at indexes V8 and isolated-vm do not use.
constexpr int kNoStrings = 61;
constexpr int kNoWasm = 62;

bool IsMarked(Local<Context> context, int mark) {
  return context->GetNumberOfEmbedderDataFields() > static_cast<uint32_t>(mark) && context->GetEmbedderData(mark)->IsTrue();
}

// As isolated-vm, sources that would take a good part of the heap are refused everywhere.
v8::ModifyCodeGenerationFromStringsResult AllowStrings(Local<Context> context, Local<Value> source, bool) {
  v8::HeapStatistics heap;
  context->GetIsolate()->GetHeapStatistics(&heap);
  v8::ModifyCodeGenerationFromStringsResult result;
  const bool huge = source->IsString() && static_cast<size_t>(source.As<String>()->Length()) > heap.heap_size_limit() / 8;
  result.codegen_allowed = !huge && !IsMarked(context, kNoStrings);
  return result;
}

bool AllowWasm(Local<Context> context, Local<String>) { return !IsMarked(context, kNoWasm); }

// A queue of microtasks that lives as long as its context.
struct OwnQueue {
  std::unique_ptr<v8::MicrotaskQueue> queue;
  Persistent<Context> context;
};

void FreeQueue(const v8::WeakCallbackInfo<OwnQueue>& info) { delete info.GetParameter(); }

void QueueDied(const v8::WeakCallbackInfo<OwnQueue>& info) {
  info.GetParameter()->context.Reset();
  info.SetSecondPassCallback(FreeQueue);
}

// The list is gone through when it has doubled, so that contexts that came and went cost nothing.
void Track(Isolate* isolate, Local<Context> context) {
  std::deque<Persistent<Context>>& contexts = HooksOf(isolate).contexts;
  if (contexts.size() >= 64 && (contexts.size() & (contexts.size() - 1)) == 0) {
    std::deque<Persistent<Context>> kept;
    for (Persistent<Context>& known : contexts) {
      if (known.IsEmpty()) continue;
      Persistent<Context>& place = kept.emplace_back();
      place.Reset(isolate, known);
      place.SetWeak();
      known.Reset();
    }
    contexts = std::move(kept);
  }
  Persistent<Context>& place = contexts.emplace_back();
  place.Reset(isolate, context);
  place.SetWeak();
  if (Debugger* debugger = HooksOf(isolate).debugger) debugger->Add(context, false);
}

// (object or undefined, may compile strings, may compile WebAssembly, has its own microtasks, what is called with the
// global before it shows the object) -> the global of a new context
void MakeContext(Info info) {
  Isolate* isolate = info.GetIsolate();
  Local<Context> main = isolate->GetCurrentContext();
  Local<Value> nothing = v8::Undefined(isolate);
  Local<Array> data = Array::New(isolate, &nothing, 1);
  Local<v8::ObjectTemplate> global = v8::ObjectTemplate::New(isolate);
  if (info[0]->IsObject()) SetHandlers(global, data);
  std::unique_ptr<OwnQueue> own;
  if (info[3]->IsTrue()) {
    own = std::make_unique<OwnQueue>();
    own->queue = v8::MicrotaskQueue::New(isolate, v8::MicrotasksPolicy::kExplicit);
  }
  Local<Context> context = Context::New(isolate, nullptr, global, {}, {}, own ? own->queue.get() : nullptr);
  if (context.IsEmpty()) return;
  if (own) {
    own->context.Reset(isolate, context);
    own->context.SetWeak(own.get(), QueueDied, v8::WeakCallbackType::kParameter);
    own.release();
  }
  context->SetSecurityToken(main->GetSecurityToken());
  {
    Context::Scope scope(context);
    Local<v8::Script> script;
    Local<Value> left;
    if (!v8::Script::Compile(context, Text(isolate, kSweep)).ToLocal(&script)) return;
    // What could not be taken away must not be seen.
    if (!script->Run(context).ToLocal(&left) || !left->IsInt32() || left.As<v8::Int32>()->Value() != 0) return;
    Local<Value> global_object = context->Global();
    if (info[4]->IsFunction() && info[4].As<Function>()->Call(main, v8::Undefined(isolate), 1, &global_object).IsEmpty()) return;
  }
  if (info[1]->IsFalse()) {
    isolate->SetModifyCodeGenerationFromStringsCallback(AllowStrings);
    context->SetEmbedderData(kNoStrings, v8::True(isolate));
    context->AllowCodeGenerationFromStrings(false);
  }
  if (info[2]->IsFalse()) {
    isolate->SetAllowWasmCodeGenerationCallback(AllowWasm);
    context->SetEmbedderData(kNoWasm, v8::True(isolate));
  }
  if (info[0]->IsObject() && data->Set(main, 0, info[0]).IsNothing()) return;
  Track(isolate, context);
  info.GetReturnValue().Set(context->Global());
}

// (object, symbol, value): IsSymbol() is true of public symbols alone
void SetPrivate(Info info) {
  if (!info[0]->IsObject()) return;
  Local<Context> context = info.GetIsolate()->GetCurrentContext();
  Local<Object> object = info[0].As<Object>();
  Local<Data> key = info[1];
  v8::Maybe<bool> done = v8::Nothing<bool>();
  if (info[1]->IsSymbol()) done = object->CreateDataProperty(context, info[1].As<v8::Symbol>(), info[2]);
  else if (key->IsPrivate()) done = object->SetPrivate(context, key.As<v8::Private>(), info[2]);
  (void)done;
}

}  // namespace
