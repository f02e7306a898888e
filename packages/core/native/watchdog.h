// A limit on the time of one call into V8 (src/node_watchdog.cc): `vm`'s option `timeout`. Whoever ends a run from
// outside goes another way (packages/core/src/runtime/watchdog.ts); this serves programs, not the sandbox.
#pragma once
#include <chrono>
#include <condition_variable>
#include <system_error>
#include <thread>

#include "hooks.h"

namespace {

// Terminates what the isolate runs once the time is over, unless it was stopped before.
class Watchdog {
 public:
  Watchdog(Isolate* isolate, std::chrono::milliseconds time) : isolate_(isolate) {
    thread_ = std::thread([this, time] {
      std::unique_lock<std::mutex> lock(mutex_);
      if (wake_.wait_for(lock, time, [this] { return stopped_; })) return;
      fired_ = true;
      isolate_->TerminateExecution();
    });
  }
  ~Watchdog() { Stop(); }
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // -> whether the time was over. The thread is gone when this returns.
  bool Stop() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      stopped_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
    return fired_;
  }

 private:
  Isolate* isolate_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopped_ = false;
  bool fired_ = false;
  std::thread thread_;
};

// Takes back a termination of our own. isolated-vm terminates a disposed isolate again on every entry: one entry at
// once, so that a guest whose run has ended meanwhile does not go on.
void TakeBack(Isolate* isolate) {
  isolate->CancelTerminateExecution();
  Local<Context> context = isolate->GetCurrentContext();
  Local<v8::Script> script;
  if (v8::Script::Compile(context, String::NewFromUtf8Literal(isolate, "0")).ToLocal(&script)) {
    MaybeLocal<Value> ignored = script->Run(context);
    (void)ignored;
  }
}

// Runs it, for so many milliseconds at most; without a limit when that is no number above 0. -> whether the time was over
template <typename Run>
bool RunInTime(Isolate* isolate, Local<Value> limit, Run run) {
  if (!limit->IsNumber() || !(limit.As<v8::Number>()->Value() > 0)) {
    run();
    return false;
  }
  const double most = 4294967295.0;
  const double time = limit.As<v8::Number>()->Value();
  bool late = false;
  try {
    Watchdog watchdog(isolate, std::chrono::milliseconds(static_cast<int64_t>(time < most ? time : most)));
    run();
    late = watchdog.Stop();
  } catch (const std::system_error&) {
    isolate->ThrowException(
        v8::Exception::Error(String::NewFromUtf8Literal(isolate, "no thread is left to watch the time of a script")));
    return false;
  }
  if (late) TakeBack(isolate);
  return late;
}

}  // namespace
