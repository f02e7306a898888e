// Scripts and functions compiled with what isolated-vm cannot give them: an identity, a cache, a context of their own.
// Numbers stand for scripts; the guest's bindings alone see them.
#pragma once
#include "cached-data.h"
#include "watchdog.h"

namespace {

Local<String> Text(Isolate* isolate, const char* text) {
  return String::NewFromUtf8(isolate, text).ToLocalChecked();
}

// [exception, script name, line, start column, end column, source line]: lines from 1, columns from 0
Local<Value> Describe(Isolate* isolate, Local<Context> context, Local<Value> exception, Local<v8::Message> message) {
  Local<Value> undefined = v8::Undefined(isolate);
  Local<Value> parts[] = {exception, undefined, undefined, undefined, undefined, undefined};
  if (!message.IsEmpty()) {
    Local<String> line_text;
    parts[1] = message->GetScriptOrigin().ResourceName();
    parts[2] = Integer::New(isolate, message->GetLineNumber(context).FromMaybe(0));
    // The line as it was given begins at the column offset of the script's first line.
    const ScriptOrigin origin = message->GetScriptOrigin();
    const bool is_first = message->GetLineNumber(context).FromMaybe(0) - origin.LineOffset() == 1;
    const int start = message->GetStartColumn(context).FromMaybe(0);
    const int before = is_first && start >= origin.ColumnOffset() ? origin.ColumnOffset() : 0;
    parts[3] = Integer::New(isolate, start - before);
    parts[4] = Integer::New(isolate, message->GetEndColumn(context).FromMaybe(0) - before);
    if (message->GetSourceLine(context).ToLocal(&line_text)) parts[5] = line_text;
    for (Local<Value>& part : parts) {
      if (part.IsEmpty()) part = undefined;
    }
  }
  return Array::New(isolate, parts, 6);
}

// What a TryCatch caught; nothing when the isolate is being terminated, which goes on by itself.
void ReturnCaught(Info info, Local<Context> context, const TryCatch& try_catch) {
  if (!try_catch.CanContinue() || try_catch.HasTerminated() || !try_catch.HasCaught()) return;
  info.GetReturnValue().Set(Describe(info.GetIsolate(), context, try_catch.Exception(), try_catch.Message()));
}

int Int(Local<Value> value) { return value->IsInt32() ? value.As<v8::Int32>()->Value() : 0; }

ScriptOrigin OriginOf(Isolate* isolate, Local<Value> name, Local<Value> line, Local<Value> column, Local<Value> symbol,
                      bool is_module) {
  Local<PrimitiveArray> options = PrimitiveArray::New(isolate, 1);
  if (symbol->IsSymbol()) options->Set(isolate, 0, symbol.As<v8::Symbol>());
  // A name is kept with the code and goes into its cache: V8 expects nothing but a string there.
  Local<Value> named = name->IsString() ? name : String::Empty(isolate).As<Value>();
  return ScriptOrigin(named, Int(line), Int(column), false, -1, Local<Value>(), false, false, is_module, options);
}

// The context a global belongs to; the current one for any other value.
Local<Context> ContextOf(Isolate* isolate, Local<Value> global) {
  Local<Context> context;
  if (global->IsObject() && global.As<Object>()->GetCreationContext().ToLocal(&context)) return context;
  return isolate->GetCurrentContext();
}

// Two values in a list: what was compiled, and whether its cache was refused.
void ReturnWithVerdict(Info info, Local<Value> value, const ScriptCompiler::Source& source) {
  Isolate* isolate = info.GetIsolate();
  const ScriptCompiler::CachedData* cache = source.GetCachedData();
  Local<Value> parts[] = {value, v8::Boolean::New(isolate, cache == nullptr || cache->rejected)};
  info.GetReturnValue().Set(Array::New(isolate, parts, 2));
}

// (source, name, line, column, symbol, global, cache) -> number, with a cache [number, refused]; or what was caught
void CompileScript(Info info) {
  if (!info[0]->IsString()) return;
  Isolate* isolate = info.GetIsolate();
  Local<Context> context = ContextOf(isolate, info[5]);
  Context::Scope scope(context);
  Local<String> text = info[0].As<String>();
  ScriptCompiler::CachedData* cache = Unsealed(isolate, CacheKind::script, text, "", info[6]);
  ScriptCompiler::Source source(text, OriginOf(isolate, info[1], info[2], info[3], info[4], false), cache);
  const auto how = cache ? ScriptCompiler::kConsumeCodeCache : ScriptCompiler::kNoCompileOptions;
  TryCatch try_catch(isolate);
  Local<v8::UnboundScript> script;
  if (!ScriptCompiler::CompileUnboundScript(isolate, &source, how).ToLocal(&script)) {
    return ReturnCaught(info, context, try_catch);
  }
  Hooks& hooks = HooksOf(isolate);
  ScriptEntry& entry = hooks.scripts.emplace_back();
  entry.script.Reset(isolate, script);
  entry.source.Reset(isolate, text);
  Local<Value> number = Integer::New(isolate, static_cast<int>(hooks.scripts.size()) - 1);
  if (info[6]->IsUndefined()) return info.GetReturnValue().Set(number);
  ReturnWithVerdict(info, number, source);
}

ScriptEntry* ScriptAt(Isolate* isolate, Local<Value> number) {
  Hooks& hooks = HooksOf(isolate);
  const size_t id = static_cast<size_t>(Int(number));
  return id < hooks.scripts.size() ? &hooks.scripts[id] : nullptr;
}

// (script) -> its cache, sealed
void ScriptCache(Info info) {
  Isolate* isolate = info.GetIsolate();
  ScriptEntry* entry = ScriptAt(isolate, info[0]);
  if (!entry) return;
  std::unique_ptr<ScriptCompiler::CachedData> data(ScriptCompiler::CreateCodeCache(entry->script.Get(isolate)));
  ReturnSealed(info, CacheKind::script, entry->source.Get(isolate), "", data.get());
}

// Whether a context has a queue of its own (`microtaskMode: "afterEvaluate"`).
bool HasOwnMicrotasks(Local<Context> context, Local<Context> main) {
  v8::MicrotaskQueue* queue = context->GetMicrotaskQueue();
  return queue != nullptr && queue != main->GetMicrotaskQueue();
}

// Such a context runs what was put there before control returns.
void RunOwnMicrotasks(Isolate* isolate, Local<Context> context, Local<Context> main) {
  if (HasOwnMicrotasks(context, main)) context->GetMicrotaskQueue()->PerformCheckpoint(isolate);
}

// (script, global, ms or less than 0) -> [its value]; [] when its time was over; or what was caught
void RunScript(Info info) {
  Isolate* isolate = info.GetIsolate();
  Local<Context> main = isolate->GetCurrentContext();
  Local<Context> context = ContextOf(isolate, info[1]);
  ScriptEntry* entry = ScriptAt(isolate, info[0]);
  if (!entry) return;
  Context::Scope scope(context);
  TryCatch try_catch(isolate);
  Local<Value> result;
  const bool late = RunInTime(isolate, info[2], [&] {
    if (!entry->script.Get(isolate)->BindToCurrentContext()->Run(context).ToLocal(&result)) return;
    RunOwnMicrotasks(isolate, context, main);
  });
  if (late) return info.GetReturnValue().Set(Array::New(isolate, 0));
  if (try_catch.HasCaught()) return ReturnCaught(info, context, try_catch);
  if (!result.IsEmpty()) info.GetReturnValue().Set(Array::New(isolate, &result, 1));
}

bool Strings(Local<Context> context, Local<Value> given, std::vector<Local<String>>* names, std::string* joined) {
  if (!given->IsArray()) return false;
  Local<Array> list = given.As<Array>();
  for (uint32_t i = 0; i < list->Length(); i++) {
    Local<Value> name;
    if (!list->Get(context, i).ToLocal(&name) || !name->IsString()) return false;
    names->push_back(name.As<String>());
    *joined += *String::Utf8Value(context->GetIsolate(), name);
    *joined += ',';
  }
  return true;
}

bool Objects(Local<Context> context, Local<Value> given, std::vector<Local<Object>>* objects) {
  if (!given->IsArray()) return given->IsUndefined();
  Local<Array> list = given.As<Array>();
  for (uint32_t i = 0; i < list->Length(); i++) {
    Local<Value> object;
    if (!list->Get(context, i).ToLocal(&object) || !object->IsObject()) return false;
    objects->push_back(object.As<Object>());
  }
  return true;
}

// (source, name, line, column, symbol, parameters, global, extensions, cache, produce) -> function; with a cache
// [function, refused]; with `produce` [function, refused, its cache]; or what was caught
void CompileFunction(Info info) {
  Isolate* isolate = info.GetIsolate();
  Local<Context> context = ContextOf(isolate, info[6]);
  std::vector<Local<String>> parameters;
  std::vector<Local<Object>> extensions;
  std::string joined;
  if (!info[0]->IsString() || !Strings(context, info[5], &parameters, &joined) ||
      !Objects(context, info[7], &extensions)) {
    return;
  }
  Context::Scope scope(context);
  Local<String> text = info[0].As<String>();
  joined += std::to_string(extensions.size());
  ScriptCompiler::CachedData* cache = Unsealed(isolate, CacheKind::function, text, joined, info[8]);
  ScriptCompiler::Source source(text, OriginOf(isolate, info[1], info[2], info[3], info[4], false), cache);
  const auto how = cache ? ScriptCompiler::kConsumeCodeCache : ScriptCompiler::kNoCompileOptions;
  TryCatch try_catch(isolate);
  Local<Function> function;
  if (!ScriptCompiler::CompileFunction(context, &source, parameters.size(), parameters.data(), extensions.size(),
                                       extensions.data(), how)
           .ToLocal(&function)) {
    return ReturnCaught(info, context, try_catch);
  }
  if (info[9]->IsTrue()) {
    std::unique_ptr<ScriptCompiler::CachedData> data(ScriptCompiler::CreateCodeCacheForFunction(function));
    const bool refused = cache == nullptr || cache->rejected;
    Local<Value> parts[] = {function, v8::Boolean::New(isolate, refused), v8::Undefined(isolate)};
    Local<Value> sealed;
    if (Sealed(isolate, CacheKind::function, text, joined, data.get()).ToLocal(&sealed)) parts[2] = sealed;
    return info.GetReturnValue().Set(Array::New(isolate, parts, 3));
  }
  if (info[8]->IsUndefined()) return info.GetReturnValue().Set(function);
  ReturnWithVerdict(info, function, source);
}

}  // namespace
