// Objects whose end somebody wants to hear of. V8 would call a FinalizationRegistry back in a task for the platform,
// and isolated-vm runs an isolate's tasks only when something wakes the isolate on another thread, which never happens
// to a guest. So the guest's registries (packages/bridge/src/guest/lib/finalization.ts) ask here.
#pragma once
#include <memory>
#include <unordered_map>

#include "hooks.h"

namespace {

struct Watched;

struct Watch {
  std::unordered_map<int, std::unique_ptr<Watched>> alive;
  std::vector<int> gone;
};

struct Watched {
  Persistent<Value> target;
  Watch* watch;
  int id;
};

// Leaked on purpose, as the hooks are.
std::map<Isolate*, Watch>& watches = *new std::map<Isolate*, Watch>();

Watch& WatchOf(Isolate* isolate) {
  std::lock_guard<std::mutex> lock(mutex);
  return watches[isolate];
}

// An isolate that lived at the same address has freed its handles already, and calls nobody back.
void ForgetWatched(Isolate* isolate) {
  Watch& watch = WatchOf(isolate);
  watch.alive.clear();
  watch.gone.clear();
}

// Runs within a garbage collection: nothing but the handle may be touched.
void OnGone(const v8::WeakCallbackInfo<Watched>& info) {
  Watched* watched = info.GetParameter();
  watched->target.Reset();
  watched->watch->gone.push_back(watched->id);
  watched->watch->alive.erase(watched->id);
}

// (target, id): the id is among the gone ones once the target, an object or a symbol, was collected.
void WatchTarget(Info info) {
  if (!(info[0]->IsObject() || info[0]->IsSymbol()) || !info[1]->IsInt32()) return;
  Isolate* isolate = info.GetIsolate();
  Watch& watch = WatchOf(isolate);
  const int id = info[1].As<v8::Int32>()->Value();
  auto [entry, is_new] = watch.alive.emplace(id, std::make_unique<Watched>());
  if (!is_new) return;
  Watched* watched = entry->second.get();
  watched->watch = &watch;
  watched->id = id;
  watched->target.Reset(isolate, info[0]);
  watched->target.SetWeak(watched, OnGone, v8::WeakCallbackType::kParameter);
}

// (id)
void UnwatchTarget(Info info) {
  if (!info[0]->IsInt32()) return;
  Watch& watch = WatchOf(info.GetIsolate());
  auto entry = watch.alive.find(info[0].As<v8::Int32>()->Value());
  if (entry == watch.alive.end()) return;
  entry->second->target.Reset();
  watch.alive.erase(entry);
}

// -> ids of targets that are gone, each told once; undefined when there are none
void TakeGone(Info info) {
  Isolate* isolate = info.GetIsolate();
  Watch& watch = WatchOf(isolate);
  if (watch.gone.empty()) return;
  std::vector<Local<Value>> ids;
  ids.reserve(watch.gone.size());
  for (int id : watch.gone) ids.push_back(Integer::New(isolate, id));
  watch.gone.clear();
  info.GetReturnValue().Set(Array::New(isolate, ids.data(), ids.size()));
}

}  // namespace
