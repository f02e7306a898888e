// The names of an object's own properties without the indexes among them (`GetOwnNonIndexProperties` of
// src/node_util.cc): JavaScript would have to make a string of every index first.
#pragma once
#include "hooks.h"

namespace {

// (object, v8::PropertyFilter) -> names
void OwnNonIndexNames(Info info) {
  if (!info[0]->IsObject() || !info[1]->IsUint32()) return;
  constexpr uint32_t all = v8::PropertyFilter::ONLY_WRITABLE | v8::PropertyFilter::ONLY_ENUMERABLE |
                           v8::PropertyFilter::ONLY_CONFIGURABLE | v8::PropertyFilter::SKIP_STRINGS |
                           v8::PropertyFilter::SKIP_SYMBOLS;
  const auto filter = static_cast<v8::PropertyFilter>(info[1].As<v8::Uint32>()->Value() & all);
  Local<Array> names;
  if (info[0]
          .As<Object>()
          ->GetPropertyNames(info.GetIsolate()->GetCurrentContext(), v8::KeyCollectionMode::kOwnOnly, filter,
                             v8::IndexFilter::kSkipIndices)
          .ToLocal(&names)) {
    info.GetReturnValue().Set(names);
  }
}

}  // namespace
