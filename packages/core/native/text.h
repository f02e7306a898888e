// Strings to bytes and back (src/string_bytes.cc), for texts long enough to be worth the call. Offsets are checked here
// again: a call that does not fit its view answers undefined, and nothing is touched.
#pragma once
#include "hooks.h"

namespace {

// The bytes from `start` to `end` of a view; null where it has no such part.
uint8_t* Part(Local<Value> view, Local<Value> start, Local<Value> end, size_t* size) {
  if (!view->IsArrayBufferView() || !start->IsUint32() || !end->IsUint32()) return nullptr;
  Local<v8::ArrayBufferView> bytes = view.As<v8::ArrayBufferView>();
  const size_t from = start.As<v8::Uint32>()->Value();
  const size_t to = end.As<v8::Uint32>()->Value();
  if (from > to || to > bytes->ByteLength() || to - from > INT32_MAX) return nullptr;
  *size = to - from;
  void* data = bytes->Buffer()->Data();
  return data == nullptr ? nullptr : static_cast<uint8_t*>(data) + bytes->ByteOffset() + from;
}

// (text) -> bytes of it in UTF-8; a lone surrogate counts three
void Utf8Length(Info info) {
  if (!info[0]->IsString()) return;
  info.GetReturnValue().Set(info[0].As<String>()->Utf8Length(info.GetIsolate()));
}

// (view, text, start, end): the whole text as UTF-8, -> bytes written; undefined where there is no room
void Utf8Write(Info info) {
  size_t room = 0;
  uint8_t* into = Part(info[0], info[2], info[3], &room);
  if (into == nullptr || !info[1]->IsString()) return;
  Local<String> text = info[1].As<String>();
  // Nothing is cut off. Three bytes a unit at most: mostly there is no need to count.
  if (static_cast<size_t>(text->Length()) > room / 3 &&
      static_cast<size_t>(text->Utf8Length(info.GetIsolate())) > room) {
    return;
  }
  const int options = String::NO_NULL_TERMINATION | String::REPLACE_INVALID_UTF8;
  info.GetReturnValue().Set(text->WriteUtf8(info.GetIsolate(), reinterpret_cast<char*>(into), static_cast<int>(room),
                                            nullptr, options));
}

// (view, text, start, end): the low bytes of its units, as many as there is room for -> bytes written
void Latin1Write(Info info) {
  size_t room = 0;
  uint8_t* into = Part(info[0], info[2], info[3], &room);
  if (into == nullptr || !info[1]->IsString()) return;
  Local<String> text = info[1].As<String>();
  // Of a string of two bytes a unit, V8 would write what it takes to fit one.
  if (!text->IsOneByte() && !text->ContainsOnlyOneByte()) return;
  info.GetReturnValue().Set(
      text->WriteOneByte(info.GetIsolate(), into, 0, static_cast<int>(room), String::NO_NULL_TERMINATION));
}

// (view, start, end) -> the string; each maximal broken sequence is one U+FFFD. Undefined where it is too long for V8.
void Utf8Decode(Info info) {
  size_t size = 0;
  const uint8_t* bytes = Part(info[0], info[1], info[2], &size);
  Local<String> text;
  if (bytes != nullptr && String::NewFromUtf8(info.GetIsolate(), reinterpret_cast<const char*>(bytes),
                                              v8::NewStringType::kNormal, static_cast<int>(size))
                              .ToLocal(&text)) {
    info.GetReturnValue().Set(text);
  }
}

// (view, start, end) -> a string of one unit per byte
void Latin1Decode(Info info) {
  size_t size = 0;
  const uint8_t* bytes = Part(info[0], info[1], info[2], &size);
  Local<String> text;
  if (bytes != nullptr && String::NewFromOneByte(info.GetIsolate(), bytes, v8::NewStringType::kNormal,
                                                 static_cast<int>(size))
                              .ToLocal(&text)) {
    info.GetReturnValue().Set(text);
  }
}

}  // namespace
