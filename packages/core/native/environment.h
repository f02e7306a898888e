// What a program asks of the process around its isolate: the time, its time zone, and that no code comes from strings.
#pragma once
#include <ctype.h>
#include <stdlib.h>
#include <time.h>

#include <chrono>

#include "contexts.h"

namespace {

// -> milliseconds with fraction on a clock that never goes back; where it starts is the machine's affair
void MonotonicNow(Info info) {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  info.GetReturnValue().Set(std::chrono::duration<double, std::milli>(now).count());
}

// Names of the zone database, `Europe/Rome`, and no paths: the C library would open any file.
bool IsZoneName(const std::string& name) {
  if (name.empty() || name.size() > 64 || name.front() == '/') return false;
  for (char c : name) {
    if (!isalnum(static_cast<unsigned char>(c)) && c != '/' && c != '_' && c != '-' && c != '+') return false;
  }
  return true;
}

// The machine's own zone, from before a program changed it.
struct Zone {
  bool is_known = false;
  bool is_set = false;
  std::string name;
};

// (name or nothing): the zone local time is in from now on; without a name that of the machine. What is no name counts as
// UTC, as for the C library. A cell holds one guest, so the process is the guest's.
void SetTimeZone(Info info) {
  static Zone& machine = *new Zone();
  Isolate* isolate = info.GetIsolate();
  const char* current = getenv("TZ");
  if (!machine.is_known) machine = {true, current != nullptr, current ? current : ""};
  bool sets = machine.is_set;
  std::string name = machine.name;
  if (info[0]->IsString()) {
    String::Utf8Value asked(isolate, info[0]);
    sets = true;
    name = IsZoneName(*asked) ? *asked : "UTC";
  }
  if (sets ? (current != nullptr && name == current) : current == nullptr) return;
  if (sets) setenv("TZ", name.c_str(), 1);
  else unsetenv("TZ");
  tzset();
  isolate->DateTimeConfigurationChangeNotification(Isolate::TimeZoneDetection::kRedetect);
}

// V8's --disallow-code-generation-from-strings, for the context that is current.
void DisallowStrings(Info info) {
  Isolate* isolate = info.GetIsolate();
  Local<Context> context = isolate->GetCurrentContext();
  isolate->SetModifyCodeGenerationFromStringsCallback(AllowStrings);
  context->SetEmbedderData(kNoStrings, v8::True(isolate));
  context->AllowCodeGenerationFromStrings(false);
}

}  // namespace
