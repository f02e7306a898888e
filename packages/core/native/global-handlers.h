// The global of a context of `vm`: its properties are those of an object of the program, as src/node_contextify.cc has
// it. Nothing is kept here: the guest's binding knows which global belongs to which object.
#pragma once
#include "modules.h"

namespace {

using v8::Intercepted;
using v8::Name;
using v8::PropertyAttribute;
using v8::PropertyCallbackInfo;
using v8::PropertyDescriptor;

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

void SetHandlers(Local<v8::ObjectTemplate> global, Local<Array> data) {
  global->SetHandler(v8::NamedPropertyHandlerConfiguration(
      ContextGet, ContextSet, ContextQuery, ContextDelete, ContextKeys<v8::IndexFilter::kSkipIndices>, ContextDefine,
      ContextDescribe, data, v8::PropertyHandlerFlags::kHasNoSideEffect));
  global->SetHandler(v8::IndexedPropertyHandlerConfiguration(
      ContextGetAt, ContextSetAt, ContextQueryAt, ContextDeleteAt, ContextKeys<v8::IndexFilter::kIncludeIndices>,
      ContextDefineAt, ContextDescribeAt, data, v8::PropertyHandlerFlags::kHasNoSideEffect));
}

}  // namespace
