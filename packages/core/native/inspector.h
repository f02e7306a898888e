// V8's inspector for `inspector.Session` (src/inspector_agent.cc, src/inspector_js_api.cc): a program looks at its own
// isolate. There is no way in from outside, and nothing waits: a pause goes on at once.
#pragma once
#include <chrono>
#include <memory>
#include <string_view>

#include "inspector-methods.h"
#include "scripts.h"

namespace {

constexpr int kContextGroup = 1;
// Each keeps memory V8's heap limit does not count.
constexpr size_t kMostSessions = 64;

v8_inspector::StringView View(std::string_view text) {
  return v8_inspector::StringView(reinterpret_cast<const uint8_t*>(text.data()), text.size());
}

Local<String> TextOf(Isolate* isolate, v8_inspector::StringView view) {
  const auto type = v8::NewStringType::kNormal;
  const int length = static_cast<int>(view.length());
  MaybeLocal<String> text = view.is8Bit() ? String::NewFromOneByte(isolate, view.characters8(), type, length)
                                          : String::NewFromTwoByte(isolate, view.characters16(), type, length);
  return text.FromMaybe(String::Empty(isolate));
}

// One session: what V8 answers and notifies goes to a function of the guest's.
class Session final : public v8_inspector::V8Inspector::Channel {
 public:
  Session(Isolate* isolate, Local<Context> main, Local<Function> answer) : isolate_(isolate) {
    main_.Reset(isolate, main);
    answer_.Reset(isolate, answer);
  }
  ~Session() override {
    main_.Reset();
    answer_.Reset();
  }
  void Connect(v8_inspector::V8Inspector* inspector) {
    session_ = inspector->connect(kContextGroup, this, v8_inspector::StringView(),
                                  v8_inspector::V8Inspector::kFullyTrusted);
  }
  // V8 may be in the middle of a message of this session: what is closed goes once that is through.
  void Close() { closed_ = true; }
  bool IsOver() const { return closed_ && depth_ == 0; }
  void Dispatch(const std::u16string& message) {
    if (closed_) return;
    depth_++;
    session_->dispatchProtocolMessage(
        v8_inspector::StringView(reinterpret_cast<const uint16_t*>(message.data()), message.size()));
    depth_--;
  }
  void sendResponse(int, std::unique_ptr<v8_inspector::StringBuffer> message) override { Send(message->string()); }
  void sendNotification(std::unique_ptr<v8_inspector::StringBuffer> message) override { Send(message->string()); }
  void flushProtocolNotifications() override {}

 private:
  void Send(v8_inspector::StringView message) {
    if (closed_) return;
    HandleScope handles(isolate_);
    Local<Context> main = main_.Get(isolate_);
    Context::Scope scope(main);
    TryCatch try_catch(isolate_);
    Local<Value> text = TextOf(isolate_, message);
    depth_++;
    MaybeLocal<Value> ignored = answer_.Get(isolate_)->Call(main, v8::Undefined(isolate_), 1, &text);
    (void)ignored;
    depth_--;
  }

  Isolate* isolate_;
  Persistent<Context> main_;
  Persistent<Function> answer_;
  std::unique_ptr<v8_inspector::V8InspectorSession> session_;
  int depth_ = 0;
  bool closed_ = false;
};

}  // namespace

namespace {

// The inspector of one isolate, made for its first session.
class Debugger final : public v8_inspector::V8InspectorClient {
 public:
  Debugger(Isolate* isolate, Local<Context> main) {
    main_.Reset(isolate, main);
    isolate_ = isolate;
    inspector_ = v8_inspector::V8Inspector::create(isolate, this);
    Add(main, true);
  }
  void Add(Local<Context> context, bool is_main) {
    const std::string name = is_main ? "Node.js Main Context" : "VM Context " + std::to_string(++contexts_);
    const std::string_view aux = is_main ? R"({"isDefault":true})" : R"({"isDefault":false})";
    v8_inspector::V8ContextInfo info(context, kContextGroup, View(name));
    info.auxData = View(aux);
    inspector_->contextCreated(info);
  }
  // -> its number; -1 when there are too many
  int Connect(Local<Function> answer) {
    Sweep();
    if (sessions_.size() >= kMostSessions) return -1;
    auto session = std::make_unique<Session>(isolate_, main_.Get(isolate_), answer);
    session->Connect(inspector_.get());
    sessions_.emplace(++last_, std::move(session));
    return last_;
  }
  Session* At(int number) {
    auto found = sessions_.find(number);
    return found == sessions_.end() ? nullptr : found->second.get();
  }
  void Sweep() {
    std::erase_if(sessions_, [](const auto& entry) { return entry.second->IsOver(); });
  }
  bool IsWatched() const { return !sessions_.empty(); }

  Local<Context> ensureDefaultContextInGroup(int) override { return main_.Get(isolate_); }
  double currentTimeMS() override {
    return std::chrono::duration<double, std::milli>(std::chrono::system_clock::now().time_since_epoch()).count();
  }

 private:
  Isolate* isolate_;
  Persistent<Context> main_;
  std::unique_ptr<v8_inspector::V8Inspector> inspector_;
  std::map<int, std::unique_ptr<Session>> sessions_;
  int contexts_ = 0;
  int last_ = 0;
};

// (answer) -> number of a session; nothing where there are too many
void InspectorConnect(Info info) {
  if (!info[0]->IsFunction()) return;
  Isolate* isolate = info.GetIsolate();
  Hooks& hooks = HooksOf(isolate);
  if (!hooks.debugger) {
    hooks.debugger = new Debugger(isolate, isolate->GetCurrentContext());
    for (Persistent<Context>& context : hooks.contexts) {
      if (!context.IsEmpty()) hooks.debugger->Add(context.Get(isolate), false);
    }
  }
  const int number = hooks.debugger->Connect(info[0].As<Function>());
  if (number >= 0) info.GetReturnValue().Set(number);
}

std::u16string Units(Isolate* isolate, Local<String> text) {
  std::u16string units(static_cast<size_t>(text->Length()), u'\0');
  text->Write(isolate, reinterpret_cast<uint16_t*>(units.data()), 0, text->Length(), String::NO_NULL_TERMINATION);
  return units;
}

// (session, id, method, parameters as JSON or undefined) -> whether V8 was asked. The message is put together here:
// what V8 reads is then the very method that was looked up.
void InspectorDispatch(Info info) {
  Isolate* isolate = info.GetIsolate();
  Debugger* debugger = HooksOf(isolate).debugger;
  Session* session = debugger ? debugger->At(Int(info[0])) : nullptr;
  if (!session || !info[2]->IsString()) return;
  String::Utf8Value method(isolate, info[2]);
  if (!*method || !IsOffered(std::string_view(*method, static_cast<size_t>(method.length())))) return;
  std::u16string message = u"{\"id\":";
  for (char digit : std::to_string(Int(info[1]))) message += static_cast<char16_t>(digit);
  message += u",\"method\":\"" + Units(isolate, info[2].As<String>()) + u"\"";
  if (info[3]->IsString()) {
    TryCatch try_catch(isolate);
    // One JSON value and no more, or it could bring a method of its own.
    if (v8::JSON::Parse(isolate->GetCurrentContext(), info[3].As<String>()).IsEmpty()) return;
    message += u",\"params\":" + Units(isolate, info[3].As<String>());
  }
  message += u"}";
  info.GetReturnValue().Set(true);
  session->Dispatch(message);
  debugger->Sweep();
}

// (session)
void InspectorDisconnect(Info info) {
  Debugger* debugger = HooksOf(info.GetIsolate()).debugger;
  Session* session = debugger ? debugger->At(Int(info[0])) : nullptr;
  if (!session) return;
  session->Close();
  debugger->Sweep();
}

// -> whether anybody is connected
void InspectorIsWatched(Info info) {
  Debugger* debugger = HooksOf(info.GetIsolate()).debugger;
  info.GetReturnValue().Set(debugger != nullptr && debugger->IsWatched());
}

}  // namespace
