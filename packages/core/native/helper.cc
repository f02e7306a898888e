// What V8 keeps from JavaScript and Node's library needs: an isolated-vm native module, optional. Everything here is
// handed to the guest's bindings alone (packages/bridge/src/guest/realm.ts, NativeHelper); guest code never sees it.
#ifdef __linux__
#include <signal.h>
#include <sys/prctl.h>
#endif

#include "contexts.h"
#include "handed.h"
#include "hooks.h"
#include "lazy.h"
#include "leases.h"
#include "modules.h"
#include "own-names.h"
#include "environment.h"
#include "heap_facts.h"
#include "promise_hooks.h"
#include "text.h"
#include "weak.h"

namespace {

void RunMicrotasks(Info info) { info.GetIsolate()->PerformMicrotaskCheckpoint(); }

// promise -> [state, result]; undefined for anything else
void PromiseDetails(Info info) {
  if (!info[0]->IsPromise()) return;
  Isolate* isolate = info.GetIsolate();
  Local<Promise> promise = info[0].As<Promise>();
  const bool pending = promise->State() == Promise::kPending;
  Local<Value> parts[] = {Integer::New(isolate, promise->State()),
                          pending ? v8::Undefined(isolate).As<Value>() : promise->Result()};
  info.GetReturnValue().Set(Array::New(isolate, parts, 2));
}

// proxy -> [target, handler]; undefined for anything else
void ProxyDetails(Info info) {
  if (!info[0]->IsProxy()) return;
  Local<Proxy> proxy = info[0].As<Proxy>();
  Local<Value> parts[] = {proxy->GetTarget(), proxy->GetHandler()};
  info.GetReturnValue().Set(Array::New(info.GetIsolate(), parts, 2));
}

// Map, Set or iterator -> [entries, whether they are key, value, key, value ...]
void PreviewEntries(Info info) {
  if (!info[0]->IsObject()) return;
  Isolate* isolate = info.GetIsolate();
  bool is_key_value = false;
  Local<Array> entries;
  if (!info[0].As<Object>()->PreviewEntries(&is_key_value).ToLocal(&entries)) return;
  Local<Value> parts[] = {entries, v8::Boolean::New(isolate, is_key_value)};
  info.GetReturnValue().Set(Array::New(isolate, parts, 2));
}

void OnReject(PromiseRejectMessage message) {
  Isolate* isolate = Isolate::GetCurrent();
  HandleScope scope(isolate);
  Hooks& hooks = HooksOf(isolate);
  if (hooks.on_reject.IsEmpty()) return;
  Local<Context> context = hooks.context.Get(isolate);
  Context::Scope context_scope(context);
  Local<Value> reason = message.GetValue();
  if (reason.IsEmpty()) reason = v8::Undefined(isolate);
  Local<Value> arguments[] = {Integer::New(isolate, message.GetEvent()), message.GetPromise(), reason};
  TryCatch try_catch(isolate);
  MaybeLocal<Value> ignored = hooks.on_reject.Get(isolate)->Call(context, v8::Undefined(isolate), 3, arguments);
  (void)ignored;
  if (!try_catch.HasCaught() || try_catch.HasTerminated() || !try_catch.CanContinue()) return;
  if (hooks.reject_failure.IsEmpty()) {
    hooks.reject_failure.Reset(isolate, Describe(isolate, context, try_catch.Exception(), try_catch.Message()));
  }
}

// -> what the reject callback threw and where, the first time since this was asked; or nothing
void TakeRejectFailure(Info info) {
  Isolate* isolate = info.GetIsolate();
  Hooks& hooks = HooksOf(isolate);
  if (hooks.reject_failure.IsEmpty()) return;
  info.GetReturnValue().Set(hooks.reject_failure.Get(isolate));
  hooks.reject_failure.Reset();
}

void SetPromiseRejectCallback(Info info) {
  if (!info[0]->IsFunction()) return;
  Isolate* isolate = info.GetIsolate();
  Hooks& hooks = HooksOf(isolate);
  hooks.context.Reset(isolate, isolate->GetCurrentContext());
  hooks.on_reject.Reset(isolate, info[0].As<Function>());
  isolate->SetPromiseRejectCallback(OnReject);
}

MaybeLocal<Value> PrepareStackTrace(Local<Context> context, Local<Value> error, Local<Array> sites) {
  Isolate* isolate = context->GetIsolate();
  Hooks& hooks = HooksOf(isolate);
  if (hooks.prepare_stack_trace.IsEmpty()) return error->ToString(context).FromMaybe(String::Empty(isolate));
  Local<Value> arguments[] = {error, sites, context->Global()};
  return hooks.prepare_stack_trace.Get(isolate)->Call(context, v8::Undefined(isolate), 3, arguments);
}

void SetPrepareStackTrace(Info info) {
  if (!info[0]->IsFunction()) return;
  Isolate* isolate = info.GetIsolate();
  HooksOf(isolate).prepare_stack_trace.Reset(isolate, info[0].As<Function>());
  isolate->SetPrepareStackTraceCallback(PrepareStackTrace);
}

void GetContinuationData(Info info) {
  info.GetReturnValue().Set(info.GetIsolate()->GetContinuationPreservedEmbedderData());
}

void SetContinuationData(Info info) { info.GetIsolate()->SetContinuationPreservedEmbedderData(info[0]); }

// Calls a function with a receiver; when it throws, -> [exception, script name, line, start column, end column, source line],
// otherwise undefined. Columns count from 0.
void Catch(Info info) {
  if (!info[0]->IsFunction()) return;
  Isolate* isolate = info.GetIsolate();
  Local<Context> context = isolate->GetCurrentContext();
  TryCatch try_catch(isolate);
  try_catch.SetVerbose(false);
  if (!info[0].As<Function>()->Call(context, info[1], 0, nullptr).IsEmpty()) return;
  // A terminated isolate goes on unwinding by itself; rethrowing what is no exception would crash.
  if (!try_catch.CanContinue() || try_catch.HasTerminated()) return;
  info.GetReturnValue().Set(Describe(isolate, context, try_catch.Exception(), try_catch.Message()));
}

#define VIVARIUM_TYPES(V) \
  V(NativeError) V(ArgumentsObject) V(GeneratorObject) V(Promise) V(Proxy) V(MapIterator) V(SetIterator) \
  V(AsyncFunction) V(GeneratorFunction) V(ModuleNamespaceObject) V(External)

#define VIVARIUM_TYPE(Name) \
  void Is##Name(Info info) { info.GetReturnValue().Set(info[0]->Is##Name()); }
VIVARIUM_TYPES(VIVARIUM_TYPE)
#undef VIVARIUM_TYPE

void Set(Isolate* isolate, Local<Context> context, Local<Object> target, const char* name, FunctionCallback callback) {
  Local<String> key = String::NewFromUtf8(isolate, name).ToLocalChecked();
  Local<Function> function =
      Function::New(context, callback, Local<Value>(), 0, v8::ConstructorBehavior::kThrow).ToLocalChecked();
  function->SetName(key);
  target->Set(context, key, function).Check();
}

}  // namespace

#include "host.h"

#ifdef __linux__
// Only cells load this library, and a cell ends with its supervisor, busy or not.
__attribute__((constructor)) static void DieWithSupervisor() { prctl(PR_SET_PDEATHSIG, SIGKILL); }
#endif

// isolated-vm calls this once for each context it creates the module in.
extern "C" __attribute__((visibility("default"))) void InitForContext(Isolate* isolate, Local<Context> context,
                                                                      Local<Object> target) {
  ForgetStale(isolate);
  ForgetCollections(isolate);
  ForgetWatched(isolate);
  Set(isolate, context, target, "runMicrotasks", RunMicrotasks);
  Set(isolate, context, target, "collectGarbage", CollectGarbage);
  Set(isolate, context, target, "watchTarget", WatchTarget);
  Set(isolate, context, target, "unwatchTarget", UnwatchTarget);
  Set(isolate, context, target, "takeGone", TakeGone);
  Set(isolate, context, target, "promiseDetails", PromiseDetails);
  Set(isolate, context, target, "proxyDetails", ProxyDetails);
  Set(isolate, context, target, "previewEntries", PreviewEntries);
  Set(isolate, context, target, "setPromiseRejectCallback", SetPromiseRejectCallback);
  Set(isolate, context, target, "takeRejectFailure", TakeRejectFailure);
  Set(isolate, context, target, "setPrepareStackTrace", SetPrepareStackTrace);
  Set(isolate, context, target, "setPromiseHooks", SetPromiseHooks);
  Set(isolate, context, target, "setMessageListener", SetMessageListener);
  Set(isolate, context, target, "enqueueMicrotask", EnqueueMicrotask);
  Set(isolate, context, target, "heapStatistics", HeapStatistics);
  Set(isolate, context, target, "heapSpaces", HeapSpaces);
  Set(isolate, context, target, "codeStatistics", CodeStatistics);
  Set(isolate, context, target, "hasBuffer", HasBuffer);
  Set(isolate, context, target, "defineLazyValue", DefineLazyValue);
  Set(isolate, context, target, "makeExternal", MakeExternal);
  Set(isolate, context, target, "trackCollections", TrackCollections);
  Set(isolate, context, target, "takeCollections", TakeCollections);
  Set(isolate, context, target, "monotonicNow", MonotonicNow);
  Set(isolate, context, target, "takeHanded", TakeHanded);
  Set(isolate, context, target, "writeLeased", WriteLeased);
  Set(isolate, context, target, "utf8Length", Utf8Length);
  Set(isolate, context, target, "utf8Write", Utf8Write);
  Set(isolate, context, target, "latin1Write", Latin1Write);
  Set(isolate, context, target, "utf8Decode", Utf8Decode);
  Set(isolate, context, target, "latin1Decode", Latin1Decode);
  Set(isolate, context, target, "setTimeZone", SetTimeZone);
  Set(isolate, context, target, "disallowStrings", DisallowStrings);
  Set(isolate, context, target, "getContinuationData", GetContinuationData);
  Set(isolate, context, target, "setContinuationData", SetContinuationData);
  Set(isolate, context, target, "catch", Catch);
  Set(isolate, context, target, "messageOf", MessageOf);
  Set(isolate, context, target, "compileScript", CompileScript);
  Set(isolate, context, target, "runScript", RunScript);
  Set(isolate, context, target, "scriptCache", ScriptCache);
  Set(isolate, context, target, "ownNonIndexNames", OwnNonIndexNames);
  Set(isolate, context, target, "moduleCache", ModuleCache);
  Set(isolate, context, target, "cachedDataVersionTag", CachedDataVersionTag);
  Set(isolate, context, target, "makeContext", MakeContext);
  Set(isolate, context, target, "setPrivate", SetPrivate);
  Set(isolate, context, target, "compileFunction", CompileFunction);
  Set(isolate, context, target, "compileModule", CompileModule);
  Set(isolate, context, target, "syntheticModule", SyntheticModule);
  Set(isolate, context, target, "setExport", SetExport);
  Set(isolate, context, target, "linkModule", LinkModule);
  Set(isolate, context, target, "instantiateModule", InstantiateModule);
  Set(isolate, context, target, "evaluateModule", EvaluateModule);
  Set(isolate, context, target, "moduleState", ModuleState);
  Set(isolate, context, target, "moduleNamespace", ModuleNamespace);
  Set(isolate, context, target, "stalledAwaits", StalledAwaits);
  Set(isolate, context, target, "setModuleHooks", SetModuleHooks);
  Set(isolate, context, target, "inspectorConnect", InspectorConnect);
  Set(isolate, context, target, "inspectorDispatch", InspectorDispatch);
  Set(isolate, context, target, "inspectorDisconnect", InspectorDisconnect);
  Set(isolate, context, target, "inspectorIsWatched", InspectorIsWatched);
  Local<Object> types = Object::New(isolate);
#define VIVARIUM_TYPE(Name) Set(isolate, context, types, "is" #Name, Is##Name);
  VIVARIUM_TYPES(VIVARIUM_TYPE)
#undef VIVARIUM_TYPE
  target->Set(context, String::NewFromUtf8Literal(isolate, "types"), types).Check();
}
