// Properties that look like plain values and are made when they are first read (`DefineLazyProperties` of
// src/node_util.cc): from JavaScript they would be accessors until then.
#pragma once
#include "hooks.h"

namespace {

void MakeLazyValue(Local<v8::Name>, const v8::PropertyCallbackInfo<Value>& info) {
  Local<Context> context = info.GetIsolate()->GetCurrentContext();
  Local<Value> value;
  if (info.Data().As<Function>()->Call(context, v8::Undefined(info.GetIsolate()), 0, nullptr).ToLocal(&value)) {
    info.GetReturnValue().Set(value);
  }
}

// (object, name, makes the value, enumerable) -> whether it is there
void DefineLazyValue(Info info) {
  if (!info[0]->IsObject() || info[0]->IsProxy() || !info[1]->IsName() || !info[2]->IsFunction()) return;
  const auto attributes = info[3]->IsTrue() ? v8::PropertyAttribute::None : v8::PropertyAttribute::DontEnum;
  info.GetReturnValue().Set(info[0]
                                .As<Object>()
                                ->SetLazyDataProperty(info.GetIsolate()->GetCurrentContext(), info[1].As<v8::Name>(),
                                                      MakeLazyValue, info[2], attributes)
                                .FromMaybe(false));
}

}  // namespace
