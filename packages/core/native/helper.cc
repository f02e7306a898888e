// What V8 keeps from JavaScript and Node's library needs: an isolated-vm native module, optional. Everything here is
// handed to the guest's bindings alone (packages/bridge/src/guest/realm.ts, NativeHelper); guest code never sees it.
#include <v8.h>

#include <map>
#include <mutex>

using v8::Array;
using v8::Context;
using v8::Function;
using v8::FunctionCallback;
using v8::FunctionCallbackInfo;
using v8::HandleScope;
using v8::Integer;
using v8::Isolate;
using v8::Local;
using v8::MaybeLocal;
using v8::Object;
using v8::Persistent;
using v8::Promise;
using v8::PromiseRejectMessage;
using v8::Proxy;
using v8::String;
using v8::TryCatch;
using v8::Value;

namespace {

// Persistent, not Global: its destructor leaves the handle alone. A disposed isolate has freed its handles already, and
// another isolate may come to live at the same address.
struct Hooks {
  Persistent<Context> context;
  Persistent<Function> on_reject;
  Persistent<Function> prepare_stack_trace;
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
  hooks.prepare_stack_trace.Clear();
}

using Info = const FunctionCallbackInfo<Value>&;

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
  Local<Value> arguments[] = {error, sites};
  return hooks.prepare_stack_trace.Get(isolate)->Call(context, v8::Undefined(isolate), 2, arguments);
}

void SetPrepareStackTrace(Info info) {
  if (!info[0]->IsFunction()) return;
  Isolate* isolate = info.GetIsolate();
  HooksOf(isolate).prepare_stack_trace.Reset(isolate, info[0].As<Function>());
  isolate->SetPrepareStackTraceCallback(PrepareStackTrace);
}

void SetPromiseHooks(Info info) {
  auto hook = [&](int index) { return info[index]->IsFunction() ? info[index].As<Function>() : Local<Function>(); };
  info.GetIsolate()->GetCurrentContext()->SetPromiseHooks(hook(0), hook(1), hook(2), hook(3));
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
  Local<v8::Message> message = try_catch.Message();
  Local<Value> undefined = v8::Undefined(isolate);
  Local<Value> parts[] = {try_catch.Exception(), undefined, undefined, undefined, undefined, undefined};
  if (!message.IsEmpty()) {
    Local<String> line_text;
    parts[1] = message->GetScriptOrigin().ResourceName();
    parts[2] = Integer::New(isolate, message->GetLineNumber(context).FromMaybe(0));
    parts[3] = Integer::New(isolate, message->GetStartColumn(context).FromMaybe(0));
    parts[4] = Integer::New(isolate, message->GetEndColumn(context).FromMaybe(0));
    if (message->GetSourceLine(context).ToLocal(&line_text)) parts[5] = line_text;
    for (Local<Value>& part : parts) {
      if (part.IsEmpty()) part = undefined;
    }
  }
  info.GetReturnValue().Set(Array::New(isolate, parts, 6));
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

// isolated-vm calls this once for each context it creates the module in.
extern "C" __attribute__((visibility("default"))) void InitForContext(Isolate* isolate, Local<Context> context,
                                                                      Local<Object> target) {
  ForgetStale(isolate);
  Set(isolate, context, target, "runMicrotasks", RunMicrotasks);
  Set(isolate, context, target, "promiseDetails", PromiseDetails);
  Set(isolate, context, target, "proxyDetails", ProxyDetails);
  Set(isolate, context, target, "previewEntries", PreviewEntries);
  Set(isolate, context, target, "setPromiseRejectCallback", SetPromiseRejectCallback);
  Set(isolate, context, target, "setPrepareStackTrace", SetPrepareStackTrace);
  Set(isolate, context, target, "setPromiseHooks", SetPromiseHooks);
  Set(isolate, context, target, "getContinuationData", GetContinuationData);
  Set(isolate, context, target, "setContinuationData", SetContinuationData);
  Set(isolate, context, target, "catch", Catch);
  Local<Object> types = Object::New(isolate);
#define VIVARIUM_TYPE(Name) Set(isolate, context, types, "is" #Name, Is##Name);
  VIVARIUM_TYPES(VIVARIUM_TYPE)
#undef VIVARIUM_TYPE
  target->Set(context, String::NewFromUtf8Literal(isolate, "types"), types).Check();
}
