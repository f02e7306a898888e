// What V8 tells its embedder about a guest's heap, and of its garbage collections.
#pragma once
#include <chrono>

#include "hooks.h"

namespace {

using v8::GCCallbackFlags;
using v8::GCType;

Local<Array> Numbers(Isolate* isolate, const std::vector<double>& values) {
  std::vector<Local<Value>> made;
  made.reserve(values.size());
  for (double value : values) made.push_back(v8::Number::New(isolate, value));
  return Array::New(isolate, made.data(), made.size());
}

void AddHeap(Isolate* isolate, std::vector<double>* into) {
  v8::HeapStatistics heap;
  isolate->GetHeapStatistics(&heap);
  for (size_t value : {heap.total_heap_size(), heap.total_heap_size_executable(), heap.total_physical_size(),
                       heap.total_available_size(), heap.used_heap_size(), heap.heap_size_limit(), heap.malloced_memory(),
                       heap.peak_malloced_memory(), heap.does_zap_garbage(), heap.number_of_native_contexts(),
                       heap.number_of_detached_contexts(), heap.total_global_handles_size(),
                       heap.used_global_handles_size(), heap.external_memory()}) {
    into->push_back(static_cast<double>(value));
  }
}

void AddSpaces(Isolate* isolate, std::vector<double>* into) {
  for (size_t i = 0; i < isolate->NumberOfHeapSpaces(); i++) {
    v8::HeapSpaceStatistics space;
    if (!isolate->GetHeapSpaceStatistics(&space, i)) continue;
    for (size_t value : {space.space_size(), space.space_used_size(), space.space_available_size(),
                         space.physical_space_size()}) {
      into->push_back(static_cast<double>(value));
    }
  }
}

// -> the fourteen numbers of v8.getHeapStatistics(), in its order
void HeapStatistics(Info info) {
  std::vector<double> values;
  AddHeap(info.GetIsolate(), &values);
  info.GetReturnValue().Set(Numbers(info.GetIsolate(), values));
}

// -> of each space: size, used, available, physical
void HeapSpaces(Info info) {
  std::vector<double> values;
  AddSpaces(info.GetIsolate(), &values);
  info.GetReturnValue().Set(Numbers(info.GetIsolate(), values));
}

// -> code and metadata, bytecode and metadata, external script source, CPU profiler metadata
void CodeStatistics(Info info) {
  v8::HeapCodeStatistics code;
  info.GetIsolate()->GetHeapCodeAndMetadataStatistics(&code);
  info.GetReturnValue().Set(Numbers(
      info.GetIsolate(),
      {static_cast<double>(code.code_and_metadata_size()), static_cast<double>(code.bytecode_and_metadata_size()),
       static_cast<double>(code.external_script_source_size()), static_cast<double>(code.cpu_profiler_metadata_size())}));
}

// (view) -> whether its memory stands outside the heap already
void HasBuffer(Info info) {
  info.GetReturnValue().Set(info[0]->IsArrayBufferView() && info[0].As<v8::ArrayBufferView>()->HasBuffer());
}

// A value that says nothing but that it comes from outside.
void MakeExternal(Info info) {
  static int nothing = 0;
  info.GetReturnValue().Set(v8::External::New(info.GetIsolate(), &nothing));
}

struct Collection {
  int type = 0;
  int flags = 0;
  double start = 0;
  double end = 0;
  // Statistics before and after, where somebody asked for them.
  std::vector<double> details;
};

struct Collections {
  bool is_tracked = false;
  bool is_detailed = false;
  // The program called gc().
  bool is_forced = false;
  Collection current;
  std::vector<Collection> done;
};

// Nobody may have taken them for long; later ones are not remembered then.
constexpr size_t kMostCollections = 2000;

// Leaked on purpose, as the hooks are.
std::map<Isolate*, Collections>& collections = *new std::map<Isolate*, Collections>();

Collections& CollectionsOf(Isolate* isolate) {
  std::lock_guard<std::mutex> lock(mutex);
  return collections[isolate];
}

double Nanoseconds() {
  return static_cast<double>(std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1));
}

void OnCollectionStart(Isolate* isolate, GCType type, GCCallbackFlags flags) {
  Collections& known = CollectionsOf(isolate);
  known.current = Collection();
  known.current.type = type;
  known.current.flags = known.is_forced ? static_cast<int>(v8::kGCCallbackFlagForced) : static_cast<int>(flags);
  known.current.start = Nanoseconds();
  if (!known.is_detailed) return;
  AddHeap(isolate, &known.current.details);
  AddSpaces(isolate, &known.current.details);
}

void OnCollectionEnd(Isolate* isolate, GCType type, GCCallbackFlags) {
  Collections& known = CollectionsOf(isolate);
  if (known.current.type != type || known.done.size() >= kMostCollections) return;
  known.current.end = Nanoseconds();
  if (known.is_detailed) {
    AddHeap(isolate, &known.current.details);
    AddSpaces(isolate, &known.current.details);
  }
  known.done.push_back(std::move(known.current));
  known.current = Collection();
}

// (whether to remember collections, whether with statistics)
void TrackCollections(Info info) {
  Isolate* isolate = info.GetIsolate();
  Collections& known = CollectionsOf(isolate);
  if (known.is_tracked != info[0]->IsTrue()) {
    if (info[0]->IsTrue()) {
      isolate->AddGCPrologueCallback(OnCollectionStart);
      isolate->AddGCEpilogueCallback(OnCollectionEnd);
    } else {
      isolate->RemoveGCPrologueCallback(OnCollectionStart);
      isolate->RemoveGCEpilogueCallback(OnCollectionEnd);
    }
  }
  if (!known.is_tracked) known.done.clear();
  known.is_tracked = info[0]->IsTrue();
  known.is_detailed = info[1]->IsTrue();
}

// -> per collection since the last call: type, flags, how many nanoseconds ago it began and ended, statistics ...;
// undefined when there were none
void TakeCollections(Info info) {
  Isolate* isolate = info.GetIsolate();
  Collections& known = CollectionsOf(isolate);
  if (known.done.empty()) return;
  const double now = Nanoseconds();
  std::vector<Collection> done;
  done.swap(known.done);
  std::vector<Local<Value>> made;
  for (const Collection& one : done) {
    std::vector<double> values = {static_cast<double>(one.type), static_cast<double>(one.flags), now - one.start,
                                  now - one.end};
    values.insert(values.end(), one.details.begin(), one.details.end());
    made.push_back(Numbers(isolate, values));
  }
  info.GetReturnValue().Set(Array::New(isolate, made.data(), made.size()));
}

// An isolate that lived at the same address took its callbacks with it.
void ForgetCollections(Isolate* isolate) { CollectionsOf(isolate) = Collections(); }

// The form without V8's --expose-gc flag, which belongs to the whole process.
void CollectGarbage(Info info) {
  Collections& known = CollectionsOf(info.GetIsolate());
  known.is_forced = true;
  info.GetIsolate()->LowMemoryNotification();
  known.is_forced = false;
}

}  // namespace
