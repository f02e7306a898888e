// V8's promise hooks, and what they throw.
#pragma once
#include "hooks.h"

namespace {

// (init, before, after, settled, global?): for the context that global is of, without one for the current context
void SetPromiseHooks(Info info) {
  auto hook = [&](int index) { return info[index]->IsFunction() ? info[index].As<Function>() : Local<Function>(); };
  Local<Context> context = info.GetIsolate()->GetCurrentContext();
  if (info[4]->IsObject() && !info[4].As<Object>()->GetCreationContext().ToLocal(&context)) return;
  context->SetPromiseHooks(hook(0), hook(1), hook(2), hook(3));
}

// A microtask without a promise, which promise hooks would see.
void EnqueueMicrotask(Info info) {
  if (info[0]->IsFunction()) info.GetIsolate()->EnqueueMicrotask(info[0].As<Function>());
}

struct Listener {
  Persistent<Context> context;
  Persistent<Function> on_message;
  bool is_telling = false;
};

// Leaked on purpose, as the hooks are.
std::map<Isolate*, Listener>& listeners = *new std::map<Isolate*, Listener>();

Listener& ListenerOf(Isolate* isolate) {
  std::lock_guard<std::mutex> lock(mutex);
  return listeners[isolate];
}

// What reaches a message listener is what no JavaScript could catch: V8 reports it and goes on.
void OnMessage(Local<v8::Message>, Local<Value> error) {
  Isolate* isolate = Isolate::GetCurrent();
  HandleScope scope(isolate);
  Listener& listener = ListenerOf(isolate);
  // What it throws itself, or its promise hooks do, is told to nobody: it would be to itself, for ever.
  if (listener.on_message.IsEmpty() || listener.is_telling) return;
  Local<Context> context = listener.context.Get(isolate);
  Context::Scope context_scope(context);
  TryCatch try_catch(isolate);
  listener.is_telling = true;
  MaybeLocal<Value> ignored = listener.on_message.Get(isolate)->Call(context, v8::Undefined(isolate), 1, &error);
  (void)ignored;
  listener.is_telling = false;
}

// Called once for each isolate. An isolate that lived at the same address before has freed its handles already.
void SetMessageListener(Info info) {
  if (!info[0]->IsFunction()) return;
  Isolate* isolate = info.GetIsolate();
  Listener& listener = ListenerOf(isolate);
  listener.context.Clear();
  listener.on_message.Clear();
  listener.context.Reset(isolate, isolate->GetCurrentContext());
  listener.on_message.Reset(isolate, info[0].As<Function>());
  isolate->RemoveMessageListeners(OnMessage);
  isolate->AddMessageListener(OnMessage);
}

}  // namespace
