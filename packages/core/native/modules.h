// ES modules with `import()`, `import.meta` and their own identity, which isolated-vm cannot give them. Numbers stand
// for modules; the guest's bindings alone see them.
#pragma once
#include "scripts.h"

namespace {

ModuleEntry* EntryAt(Isolate* isolate, Local<Value> number) {
  Hooks& hooks = HooksOf(isolate);
  const size_t id = static_cast<size_t>(Int(number));
  return id < hooks.modules.size() ? &hooks.modules[id] : nullptr;
}

int NumberOf(Isolate* isolate, Local<Module> module) {
  Hooks& hooks = HooksOf(isolate);
  auto range = hooks.numbers.equal_range(module->GetIdentityHash());
  for (auto it = range.first; it != range.second; ++it) {
    if (hooks.modules[it->second].module.Get(isolate) == module) return it->second;
  }
  return -1;
}

int Remember(Isolate* isolate, Local<Context> context, Local<Module> module) {
  Hooks& hooks = HooksOf(isolate);
  const int id = static_cast<int>(hooks.modules.size());
  ModuleEntry& entry = hooks.modules.emplace_back();
  entry.module.Reset(isolate, module);
  entry.context.Reset(isolate, context);
  hooks.numbers.emplace(module->GetIdentityHash(), id);
  return id;
}

// Import attributes as V8 has them (key, value and, for static imports, a place) -> [key, value, ...]
Local<Array> Attributes(Isolate* isolate, Local<Context> context, Local<FixedArray> given, int step) {
  std::vector<Local<Value>> flat;
  for (int i = 0; i + 1 < given->Length(); i += step) {
    flat.push_back(given->Get(context, i).As<Value>());
    flat.push_back(given->Get(context, i + 1).As<Value>());
  }
  return Array::New(isolate, flat.data(), flat.size());
}

std::string RequestKey(Isolate* isolate, Local<Context> context, Local<String> specifier, Local<FixedArray> attributes) {
  std::string key = *String::Utf8Value(isolate, specifier);
  for (int i = 0; i + 1 < attributes->Length(); i += 3) {
    for (int j = 0; j < 2; j++) {
      key += '\0';
      key += *String::Utf8Value(isolate, attributes->Get(context, i + j).As<Value>());
    }
  }
  return key;
}

// (source, url, line, column, symbol, global, cache) -> [number, specifier, attributes, ...]; nothing when the cache was
// refused; or what was caught
void CompileModule(Info info) {
  if (!info[0]->IsString()) return;
  Isolate* isolate = info.GetIsolate();
  Local<Context> context = ContextOf(isolate, info[5]);
  Context::Scope scope(context);
  Local<String> text = info[0].As<String>();
  ScriptCompiler::CachedData* cache = Unsealed(isolate, CacheKind::module, text, "", info[6]);
  if (cache == nullptr && !info[6]->IsUndefined()) return;
  ScriptCompiler::Source source(text, OriginOf(isolate, info[1], info[2], info[3], info[4], true), cache);
  const auto how = cache ? ScriptCompiler::kConsumeCodeCache : ScriptCompiler::kNoCompileOptions;
  TryCatch try_catch(isolate);
  Local<Module> module;
  if (!ScriptCompiler::CompileModule(isolate, &source, how).ToLocal(&module)) return ReturnCaught(info, context, try_catch);
  if (cache && cache->rejected) return;
  const int id = Remember(isolate, context, module);
  EntryAt(isolate, Integer::New(isolate, id))->source.Reset(isolate, text);
  std::vector<Local<Value>> answer = {Integer::New(isolate, id)};
  Local<FixedArray> requests = module->GetModuleRequests();
  for (int i = 0; i < requests->Length(); i++) {
    Local<ModuleRequest> request = requests->Get(context, i).As<ModuleRequest>();
    answer.push_back(request->GetSpecifier());
    answer.push_back(Attributes(isolate, context, request->GetImportAttributes(), 3));
  }
  info.GetReturnValue().Set(Array::New(isolate, answer.data(), answer.size()));
}

// (module) -> its cache, sealed; nothing for a synthetic one
void ModuleCache(Info info) {
  Isolate* isolate = info.GetIsolate();
  ModuleEntry* entry = EntryAt(isolate, info[0]);
  if (!entry || entry->source.IsEmpty()) return;
  Local<v8::UnboundModuleScript> script = entry->module.Get(isolate)->GetUnboundModuleScript();
  std::unique_ptr<ScriptCompiler::CachedData> data(ScriptCompiler::CreateCodeCache(script));
  ReturnSealed(info, CacheKind::module, entry->source.Get(isolate), "", data.get());
}

// Nothing, with the exception that V8 wants beside it.
template <class T>
MaybeLocal<T> Unhooked(Isolate* isolate) {
  isolate->ThrowException(v8::Exception::Error(Text(isolate, "there is nobody to ask about this module")));
  return MaybeLocal<T>();
}

// The body of a synthetic module: the guest's own steps set its exports.
MaybeLocal<Value> Evaluate(Local<Context> context, Local<Module> module) {
  Isolate* isolate = context->GetIsolate();
  Hooks& hooks = HooksOf(isolate);
  Local<Value> arguments[] = {Integer::New(isolate, NumberOf(isolate, module))};
  if (hooks.evaluate.IsEmpty()) return Unhooked<Value>(isolate);
  if (hooks.evaluate.Get(isolate)->Call(context, v8::Undefined(isolate), 1, arguments).IsEmpty()) return MaybeLocal<Value>();
  Local<Promise::Resolver> resolver;
  if (!Promise::Resolver::New(context).ToLocal(&resolver)) return MaybeLocal<Value>();
  if (resolver->Resolve(context, v8::Undefined(isolate)).IsNothing()) return MaybeLocal<Value>();
  return resolver->GetPromise();
}

// Whether no name is there twice: V8 takes that for granted of a synthetic module's exports.
bool AllDiffer(const std::vector<Local<String>>& names) {
  std::multimap<int, Local<String>> seen;
  for (Local<String> name : names) {
    auto [first, last] = seen.equal_range(name->GetIdentityHash());
    for (; first != last; ++first) {
      if (first->second->StringEquals(name)) return false;
    }
    seen.emplace(name->GetIdentityHash(), name);
  }
  return true;
}

// (url, export names, global) -> number
void SyntheticModule(Info info) {
  Isolate* isolate = info.GetIsolate();
  Local<Context> context = ContextOf(isolate, info[2]);
  std::vector<Local<String>> names;
  std::string joined;
  if (!info[0]->IsString() || !Strings(context, info[1], &names, &joined) || !AllDiffer(names)) return;
  Context::Scope scope(context);
  Local<Module> module = Module::CreateSyntheticModule(
      isolate, info[0].As<String>(), v8::MemorySpan<const Local<String>>(names.begin(), names.end()), Evaluate);
  info.GetReturnValue().Set(Remember(isolate, context, module));
}

// (module, name, value)
void SetExport(Info info) {
  Isolate* isolate = info.GetIsolate();
  ModuleEntry* entry = EntryAt(isolate, info[0]);
  if (!entry || !info[1]->IsString() || !entry->module.Get(isolate)->IsSyntheticModule()) return;
  (void)entry->module.Get(isolate)->SetSyntheticModuleExport(isolate, info[1].As<String>(), info[2]);
}

// (module, numbers of the modules its requests stand for)
void LinkModule(Info info) {
  Isolate* isolate = info.GetIsolate();
  Local<Context> context = isolate->GetCurrentContext();
  ModuleEntry* entry = EntryAt(isolate, info[0]);
  if (!entry || !info[1]->IsArray()) return;
  Local<Module> module = entry->module.Get(isolate);
  if (module->IsSyntheticModule()) return;
  Local<FixedArray> requests = module->GetModuleRequests();
  Local<Array> numbers = info[1].As<Array>();
  for (int i = 0; i < requests->Length(); i++) {
    Local<ModuleRequest> request = requests->Get(context, i).As<ModuleRequest>();
    Local<Value> number;
    if (!numbers->Get(context, static_cast<uint32_t>(i)).ToLocal(&number)) return;
    entry->links[RequestKey(isolate, context, request->GetSpecifier(), request->GetImportAttributes())] = Int(number);
  }
}

MaybeLocal<Module> Resolve(Local<Context> context, Local<String> specifier, Local<FixedArray> attributes,
                           Local<Module> referrer) {
  Isolate* isolate = context->GetIsolate();
  Hooks& hooks = HooksOf(isolate);
  const int from = NumberOf(isolate, referrer);
  if (from >= 0) {
    auto found = hooks.modules[from].links.find(RequestKey(isolate, context, specifier, attributes));
    const bool known = found != hooks.modules[from].links.end() && found->second >= 0 &&
                       static_cast<size_t>(found->second) < hooks.modules.size();
    if (known) return hooks.modules[found->second].module.Get(isolate);
  }
  isolate->ThrowException(v8::Exception::Error(Text(isolate, "a module was instantiated before it was linked")));
  return MaybeLocal<Module>();
}

// (module) -> what was caught, or nothing
void InstantiateModule(Info info) {
  Isolate* isolate = info.GetIsolate();
  ModuleEntry* entry = EntryAt(isolate, info[0]);
  if (!entry) return;
  Local<Context> context = entry->context.Get(isolate);
  Context::Scope scope(context);
  TryCatch try_catch(isolate);
  if (entry->module.Get(isolate)->InstantiateModule(context, Resolve).IsNothing()) ReturnCaught(info, context, try_catch);
}

// A promise that follows one of a context with microtasks of its own. Those run within an evaluation and never again, so
// who awaits the inner promise itself afterwards waits for good.
MaybeLocal<Value> InOtherContext(Local<Context> context, Local<Value> inner) {
  Local<Promise::Resolver> resolver;
  if (!Promise::Resolver::New(context).ToLocal(&resolver) || resolver->Resolve(context, inner).IsNothing()) return {};
  return resolver->GetPromise();
}

// (module, ms or less than 0) -> promise; [] when its time was over
void EvaluateModule(Info info) {
  Isolate* isolate = info.GetIsolate();
  Local<Context> main = isolate->GetCurrentContext();
  ModuleEntry* entry = EntryAt(isolate, info[0]);
  if (!entry || entry->module.Get(isolate)->GetStatus() < Module::kInstantiated) return;
  Local<Context> context = entry->context.Get(isolate);
  Context::Scope scope(context);
  Local<Value> result;
  const bool late = RunInTime(isolate, info[1], [&] {
    if (!entry->module.Get(isolate)->Evaluate(context).ToLocal(&result)) return;
    if (HasOwnMicrotasks(context, main) && !InOtherContext(main, result).ToLocal(&result)) return;
    RunOwnMicrotasks(isolate, context, main);
  });
  if (late) return info.GetReturnValue().Set(Array::New(isolate, 0));
  if (!result.IsEmpty()) info.GetReturnValue().Set(result);
}

// (module) -> [status, whether its graph awaits, exception of an errored one]
void ModuleState(Info info) {
  Isolate* isolate = info.GetIsolate();
  ModuleEntry* entry = EntryAt(isolate, info[0]);
  if (!entry) return;
  Local<Module> module = entry->module.Get(isolate);
  const Module::Status status = module->GetStatus();
  const bool linked = status >= Module::kInstantiated;
  Local<Value> parts[] = {Integer::New(isolate, status),
                          v8::Boolean::New(isolate, linked && status != Module::kErrored && module->IsGraphAsync()),
                          status == Module::kErrored ? module->GetException() : v8::Undefined(isolate).As<Value>()};
  info.GetReturnValue().Set(Array::New(isolate, parts, 3));
}

void ModuleNamespace(Info info) {
  Isolate* isolate = info.GetIsolate();
  ModuleEntry* entry = EntryAt(isolate, info[0]);
  if (!entry) return;
  Local<Module> module = entry->module.Get(isolate);
  if (module->GetStatus() >= Module::kInstantiated) info.GetReturnValue().Set(module->GetModuleNamespace());
}

// (module) -> the places of its graph's top-level awaits that are not settled
void StalledAwaits(Info info) {
  Isolate* isolate = info.GetIsolate();
  Local<Context> context = isolate->GetCurrentContext();
  ModuleEntry* entry = EntryAt(isolate, info[0]);
  if (!entry) return;
  Local<Module> module = entry->module.Get(isolate);
  if (module->GetStatus() < Module::kEvaluating || module->IsSyntheticModule()) return;
  auto [modules, messages] = module->GetStalledTopLevelAwaitMessages(isolate);
  std::vector<Local<Value>> places;
  for (Local<v8::Message> message : messages) {
    places.push_back(Describe(isolate, context, v8::Undefined(isolate), message));
  }
  info.GetReturnValue().Set(Array::New(isolate, places.data(), places.size()));
}

void InitializeMeta(Local<Context> context, Local<Module> module, Local<Object> meta) {
  Isolate* isolate = context->GetIsolate();
  Hooks& hooks = HooksOf(isolate);
  if (hooks.import_meta.IsEmpty()) return;
  Local<Value> arguments[] = {Integer::New(isolate, NumberOf(isolate, module)), meta};
  TryCatch try_catch(isolate);
  (void)hooks.import_meta.Get(isolate)->Call(context, v8::Undefined(isolate), 2, arguments);
  if (try_catch.HasCaught() && !try_catch.HasTerminated()) try_catch.ReThrow();
}

MaybeLocal<Promise> ImportDynamically(Local<Context> context, Local<Data> options, Local<Value> referrer,
                                      Local<String> specifier, Local<FixedArray> attributes) {
  Isolate* isolate = context->GetIsolate();
  Hooks& hooks = HooksOf(isolate);
  if (hooks.import.IsEmpty()) return Unhooked<Promise>(isolate);
  Local<FixedArray> given = options.As<FixedArray>();
  Local<Value> symbol = v8::Undefined(isolate);
  if (given->Length() > 0) {
    Local<Value> first = given->Get(context, 0).As<Value>();
    if (first->IsSymbol()) symbol = first;
  }
  Local<Value> arguments[] = {symbol, specifier, Attributes(isolate, context, attributes, 2), referrer, context->Global()};
  Local<Value> result;
  if (!hooks.import.Get(isolate)->Call(context, v8::Undefined(isolate), 5, arguments).ToLocal(&result)) return MaybeLocal<Promise>();
  return result->IsPromise() ? MaybeLocal<Promise>(result.As<Promise>()) : Unhooked<Promise>(isolate);
}

// (import, import.meta, evaluate): what V8 calls
void SetModuleHooks(Info info) {
  Isolate* isolate = info.GetIsolate();
  Hooks& hooks = HooksOf(isolate);
  if (!info[0]->IsFunction() || !info[1]->IsFunction() || !info[2]->IsFunction()) return;
  hooks.import.Reset(isolate, info[0].As<Function>());
  hooks.import_meta.Reset(isolate, info[1].As<Function>());
  hooks.evaluate.Reset(isolate, info[2].As<Function>());
  isolate->SetHostImportModuleDynamicallyCallback(ImportDynamically);
  isolate->SetHostInitializeImportMetaObjectCallback(InitializeMeta);
}

// (exception) -> where it was thrown, as far as it tells: see Describe
void MessageOf(Info info) {
  Isolate* isolate = info.GetIsolate();
  Local<v8::Message> message = v8::Exception::CreateMessage(isolate, info[0]);
  info.GetReturnValue().Set(Describe(isolate, isolate->GetCurrentContext(), info[0], message));
}

}  // namespace
