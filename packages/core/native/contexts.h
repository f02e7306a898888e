// Contexts of their own for `vm`: a global whose properties are those of an object of the program, as
// src/node_contextify.cc has it. Nothing is kept here: the guest's binding knows which global belongs to which object.
#pragma once
#include "modules.h"

namespace {

using v8::Intercepted;
using v8::Name;
using v8::PropertyAttribute;
using v8::PropertyCallbackInfo;
using v8::PropertyDescriptor;

// A new context is made from the snapshot, which holds a library that is connected to nothing. All of it goes before
// anybody sees the context. WebAssembly goes too: its limits belong to the main context.
constexpr char kSweep[] = R"js((() => {
  const keep = ("Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date " +
    "Promise RegExp Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError " +
    "globalThis JSON Math Intl ArrayBuffer Atomics Uint8Array Int8Array Uint16Array Int16Array Uint32Array " +
    "Int32Array Float32Array Float64Array Uint8ClampedArray BigUint64Array BigInt64Array DataView Map BigInt Set " +
    "Iterator WeakMap WeakSet WeakRef Proxy Reflect FinalizationRegistry SharedArrayBuffer decodeURI " +
    "decodeURIComponent encodeURI encodeURIComponent escape unescape eval isFinite isNaN").split(" ");
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

// The object behind a context's global; nothing while the context is being made.
bool ObjectOf(Local<Context> context, Local<Value> data, Local<Object>* object) {
  Local<Value> value;
  if (!data.As<Object>()->Get(context, 0).ToLocal(&value) || !value->IsObject()) return false;
  *object = value.As<Object>();
  return true;
}

template <typename T>
bool Locate(const PropertyCallbackInfo<T>& info, Local<Context>* context, Local<Object>* object) {
  return info.Holder()->GetCreationContext().ToLocal(context) && ObjectOf(*context, info.Data(), object);
}

Intercepted ContextGet(Local<Name> name, const PropertyCallbackInfo<Value>& info) {
  Local<Context> context;
  Local<Object> object;
  if (!Locate(info, &context, &object)) return Intercepted::kNo;
  Local<Value> value;
  if (!object->GetRealNamedProperty(context, name).ToLocal(&value) &&
      !context->Global()->GetRealNamedProperty(context, name).ToLocal(&value)) {
    return Intercepted::kNo;
  }
  info.GetReturnValue().Set(value == object ? context->Global().As<Value>() : value);
  return Intercepted::kYes;
}

Intercepted ContextQuery(Local<Name> name, const PropertyCallbackInfo<Integer>& info) {
  Local<Context> context;
  Local<Object> object;
  if (!Locate(info, &context, &object)) return Intercepted::kNo;
  for (Local<Object> from : {object, context->Global()}) {
    bool has = false;
    if (!from->HasRealNamedProperty(context, name).To(&has)) return Intercepted::kNo;
    PropertyAttribute attributes = PropertyAttribute::None;
    if (!has) continue;
    if (from->GetRealNamedPropertyAttributes(context, name).To(&attributes)) info.GetReturnValue().Set(attributes);
    return Intercepted::kYes;
  }
  return Intercepted::kNo;
}

Intercepted ContextSet(Local<Name> name, Local<Value> value, const PropertyCallbackInfo<void>& info) {
  Local<Context> context;
  Local<Object> object;
  if (!Locate(info, &context, &object)) return Intercepted::kNo;
  Isolate* isolate = info.GetIsolate();
  Local<Object> global = context->Global();
  PropertyAttribute attributes = PropertyAttribute::None;
  const bool on_global = global->GetRealNamedPropertyAttributes(context, name).To(&attributes);
  bool read_only = on_global && (attributes & PropertyAttribute::ReadOnly) != 0;
  const bool on_object = object->GetRealNamedPropertyAttributes(context, name).To(&attributes);
  read_only = read_only || (on_object && (attributes & PropertyAttribute::ReadOnly) != 0);
  if (read_only) return Intercepted::kNo;
  // `x = 5` in strict code throws where x is not declared; `this.x = 5` and function declarations do not.
  const bool is_contextual = global != info.This();
  if (!on_global && !on_object &&
      ((info.ShouldThrowOnError() && is_contextual && !value->IsFunction()) || name->IsSymbol())) {
    return Intercepted::kNo;
  }
  if (object->Set(context, name, value).IsNothing()) return Intercepted::kNo;
  Local<Value> described;
  if (!on_object || !object->GetOwnPropertyDescriptor(context, name).ToLocal(&described) || !described->IsObject()) {
    return Intercepted::kNo;
  }
  Local<Object> descriptor = described.As<Object>();
  const bool is_accessor = descriptor->HasOwnProperty(context, Text(isolate, "get")).FromMaybe(false) ||
                           descriptor->HasOwnProperty(context, Text(isolate, "set")).FromMaybe(false);
  return is_accessor ? Intercepted::kYes : Intercepted::kNo;
}

Intercepted ContextDescribe(Local<Name> name, const PropertyCallbackInfo<Value>& info) {
  Local<Context> context;
  Local<Object> object;
  Local<Value> descriptor;
  if (!Locate(info, &context, &object) || !object->HasOwnProperty(context, name).FromMaybe(false)) return Intercepted::kNo;
  if (!object->GetOwnPropertyDescriptor(context, name).ToLocal(&descriptor)) return Intercepted::kNo;
  info.GetReturnValue().Set(descriptor);
  return Intercepted::kYes;
}

Intercepted ContextDefine(Local<Name> name, const PropertyDescriptor& asked, const PropertyCallbackInfo<void>& info) {
  Local<Context> context;
  Local<Object> object;
  if (!Locate(info, &context, &object)) return Intercepted::kNo;
  Isolate* isolate = info.GetIsolate();
  PropertyAttribute attributes = PropertyAttribute::None;
  const bool declared = context->Global()->GetRealNamedPropertyAttributes(context, name).To(&attributes);
  if (declared && (attributes & PropertyAttribute::ReadOnly) && (attributes & PropertyAttribute::DontDelete)) {
    return Intercepted::kNo;
  }
  auto define = [&](PropertyDescriptor* wanted) {
    if (asked.has_enumerable()) wanted->set_enumerable(asked.enumerable());
    if (asked.has_configurable()) wanted->set_configurable(asked.configurable());
    v8::Maybe<bool> ignored = object->DefineProperty(context, name, *wanted);
    (void)ignored;
  };
  Local<Value> undefined = v8::Undefined(isolate);
  if (asked.has_get() || asked.has_set()) {
    PropertyDescriptor wanted(asked.has_get() ? asked.get() : undefined, asked.has_set() ? asked.set() : undefined);
    define(&wanted);
  } else {
    Local<Value> value = asked.has_value() ? asked.value() : undefined;
    PropertyDescriptor plain(value);
    if (asked.has_writable()) {
      PropertyDescriptor wanted(value, asked.writable());
      define(&wanted);
    } else {
      define(&plain);
    }
  }
  return Intercepted::kNo;
}

Intercepted ContextDelete(Local<Name> name, const PropertyCallbackInfo<v8::Boolean>& info) {
  Local<Context> context;
  Local<Object> object;
  if (!Locate(info, &context, &object) || object->Delete(context, name).FromMaybe(false)) return Intercepted::kNo;
  info.GetReturnValue().Set(false);
  return Intercepted::kYes;
}

template <v8::IndexFilter indexes>
void ContextKeys(const PropertyCallbackInfo<Array>& info) {
  Local<Context> context;
  Local<Object> object;
  Local<Array> keys;
  if (!Locate(info, &context, &object)) return;
  const auto filter = v8::PropertyFilter::ALL_PROPERTIES;
  if (!object->GetPropertyNames(context, v8::KeyCollectionMode::kOwnOnly, filter, indexes).ToLocal(&keys)) return;
  if (indexes == v8::IndexFilter::kSkipIndices) return info.GetReturnValue().Set(keys);
  std::vector<Local<Value>> numbers;
  for (uint32_t i = 0; i < keys->Length(); i++) {
    Local<Value> key;
    if (keys->Get(context, i).ToLocal(&key) && key->IsUint32()) numbers.push_back(key);
  }
  info.GetReturnValue().Set(Array::New(info.GetIsolate(), numbers.data(), numbers.size()));
}

template <typename T>
Local<Name> IndexName(uint32_t index, const PropertyCallbackInfo<T>& info) {
  Isolate* isolate = info.GetIsolate();
  return Integer::NewFromUnsigned(isolate, index)->ToString(isolate->GetCurrentContext()).ToLocalChecked();
}

Intercepted ContextGetAt(uint32_t index, const PropertyCallbackInfo<Value>& info) {
  return ContextGet(IndexName(index, info), info);
}
Intercepted ContextSetAt(uint32_t index, Local<Value> value, const PropertyCallbackInfo<void>& info) {
  return ContextSet(IndexName(index, info), value, info);
}
Intercepted ContextQueryAt(uint32_t index, const PropertyCallbackInfo<Integer>& info) {
  return ContextQuery(IndexName(index, info), info);
}
Intercepted ContextDescribeAt(uint32_t index, const PropertyCallbackInfo<Value>& info) {
  return ContextDescribe(IndexName(index, info), info);
}
Intercepted ContextDefineAt(uint32_t index, const PropertyDescriptor& asked, const PropertyCallbackInfo<void>& info) {
  return ContextDefine(IndexName(index, info), asked, info);
}
Intercepted ContextDeleteAt(uint32_t index, const PropertyCallbackInfo<v8::Boolean>& info) {
  return ContextDelete(IndexName(index, info), info);
}

// (object or undefined) -> the global of a new context
void MakeContext(Info info) {
  Isolate* isolate = info.GetIsolate();
  Local<Context> main = isolate->GetCurrentContext();
  Local<Value> nothing = v8::Undefined(isolate);
  Local<Array> data = Array::New(isolate, &nothing, 1);
  Local<v8::ObjectTemplate> global = v8::ObjectTemplate::New(isolate);
  if (info[0]->IsObject()) {
    global->SetHandler(v8::NamedPropertyHandlerConfiguration(
        ContextGet, ContextSet, ContextQuery, ContextDelete, ContextKeys<v8::IndexFilter::kSkipIndices>, ContextDefine,
        ContextDescribe, data, v8::PropertyHandlerFlags::kHasNoSideEffect));
    global->SetHandler(v8::IndexedPropertyHandlerConfiguration(
        ContextGetAt, ContextSetAt, ContextQueryAt, ContextDeleteAt, ContextKeys<v8::IndexFilter::kIncludeIndices>,
        ContextDefineAt, ContextDescribeAt, data, v8::PropertyHandlerFlags::kHasNoSideEffect));
  }
  Local<Context> context = Context::New(isolate, nullptr, global);
  if (context.IsEmpty()) return;
  context->SetSecurityToken(main->GetSecurityToken());
  {
    Context::Scope scope(context);
    Local<v8::Script> script;
    Local<Value> left;
    if (!v8::Script::Compile(context, Text(isolate, kSweep)).ToLocal(&script)) return;
    // What could not be taken away must not be seen.
    if (!script->Run(context).ToLocal(&left) || !left->IsInt32() || left.As<v8::Int32>()->Value() != 0) return;
  }
  if (info[0]->IsObject() && data->Set(main, 0, info[0]).IsNothing()) return;
  info.GetReturnValue().Set(context->Global());
}

// The context a global belongs to; the current one for any other value.
Local<Context> ContextOf(Isolate* isolate, Local<Value> global) {
  Local<Context> context;
  if (global->IsObject() && global.As<Object>()->GetCreationContext().ToLocal(&context)) return context;
  return isolate->GetCurrentContext();
}

// (object, symbol, value): IsSymbol() is true of public symbols alone
void SetPrivate(Info info) {
  if (!info[0]->IsObject()) return;
  Local<Context> context = info.GetIsolate()->GetCurrentContext();
  Local<Object> object = info[0].As<Object>();
  v8::Maybe<bool> ignored =
      info[1]->IsSymbol() ? object->CreateDataProperty(context, info[1].As<v8::Symbol>(), info[2])
                          : object->SetPrivate(context, Local<Data>(info[1]).As<v8::Private>(), info[2]);
  (void)ignored;
}

// (script, global) -> [its value]; or what was caught
void RunScriptIn(Info info) {
  Context::Scope scope(ContextOf(info.GetIsolate(), info[1]));
  RunScript(info);
}

// As compileFunction, in the context of the global that comes last
void CompileFunctionIn(Info info) {
  Context::Scope scope(ContextOf(info.GetIsolate(), info[6]));
  CompileFunction(info);
}

}  // namespace
