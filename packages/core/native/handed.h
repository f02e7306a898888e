// Memory on its way from the cell to its guest: what a socket filled becomes the guest's own, without a copy. A cell has
// one guest at a time, on one thread; only the count of what is held changes on another, where V8 frees buffers.
#pragma once
#include <stdlib.h>

#include <atomic>
#include <memory>

#include "hooks.h"

namespace {

struct Handed {
  std::deque<std::shared_ptr<v8::BackingStore>> waiting;
  // Bytes that wait or that a guest has not given up. isolated-vm counts what its own allocator gave, and not these.
  std::atomic<size_t> held{0};
};

Handed& TheHanded() {
  static Handed& handed = *new Handed();
  return handed;
}

// (view, most): the view's memory is the guest's to take, where that makes no more than so many bytes it holds -> whether.
// The view is empty then.
void HandOver(Info info) {
  info.GetReturnValue().Set(false);
  if (!info[0]->IsUint8Array() || !info[1]->IsNumber()) return;
  Local<v8::Uint8Array> view = info[0].As<v8::Uint8Array>();
  Local<v8::ArrayBuffer> buffer = view->Buffer();
  const size_t size = view->ByteLength();
  Handed& handed = TheHanded();
  const double held = static_cast<double>(handed.held) + static_cast<double>(size);
  if (size == 0 || !buffer->IsArrayBuffer() || size != buffer->ByteLength() || !buffer->IsDetachable()) return;
  if (held > info[1].As<v8::Number>()->Value()) return;
  auto* store = new std::shared_ptr<v8::BackingStore>(buffer->GetBackingStore());
  if (!buffer->Detach(Local<Value>()).FromMaybe(false)) {
    delete store;
    return;
  }
  handed.held += size;
  auto release = [](void*, size_t length, void* of) {
    TheHanded().held -= length;
    delete static_cast<std::shared_ptr<v8::BackingStore>*>(of);
  };
  handed.waiting.push_back(v8::ArrayBuffer::NewBackingStore((*store)->Data(), size, release, store));
  info.GetReturnValue().Set(true);
}

// (size) -> memory that the cell keeps and the guest takes too, as an ArrayBuffer each, since they run in turn: V8 copies out
// of a SharedArrayBuffer word by word.
void ShareMemory(Info info) {
  if (!info[0]->IsUint32()) return;
  const size_t size = info[0].As<v8::Uint32>()->Value();
  std::shared_ptr<void> memory(calloc(size, 1), free);
  if (size == 0 || memory == nullptr) return;
  auto view = [&] {
    auto release = [](void*, size_t, void* of) { delete static_cast<std::shared_ptr<void>*>(of); };
    return v8::ArrayBuffer::NewBackingStore(memory.get(), size, release, new std::shared_ptr<void>(memory));
  };
  TheHanded().waiting.push_back(view());
  info.GetReturnValue().Set(v8::ArrayBuffer::New(info.GetIsolate(), view()));
}

// The guest is gone: what it did not take is nobody's.
void DropHanded(Info) { TheHanded().waiting.clear(); }

// -> the memory that was handed over first, as an ArrayBuffer; nothing where none waits
void TakeHanded(Info info) {
  Handed& handed = TheHanded();
  if (handed.waiting.empty()) return;
  std::shared_ptr<v8::BackingStore> store = std::move(handed.waiting.front());
  handed.waiting.pop_front();
  info.GetReturnValue().Set(v8::ArrayBuffer::New(info.GetIsolate(), std::move(store)));
}

}  // namespace
