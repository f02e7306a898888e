// Sockets of the cell's that its guest writes to without a syscall. What is leased is a descriptor of the helper's own for the
// same socket: no other file can come to be under its number, whatever becomes of the cell's. A cell has one guest at a
// time, on one thread.
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include <unordered_map>

#include "text.h"

namespace {

#ifdef MSG_NOSIGNAL
constexpr int kWriteFlags = MSG_DONTWAIT | MSG_NOSIGNAL;
#else
// Node ignores SIGPIPE.
constexpr int kWriteFlags = MSG_DONTWAIT;
#endif

struct Lease {
  int descriptor;
  // What is left of it.
  uint32_t writes;
  uint32_t bytes;
};

std::unordered_map<uint32_t, Lease>& Leases() {
  static auto& leases = *new std::unordered_map<uint32_t, Lease>();
  return leases;
}

// The lease a number stands for; null for any other value. No number is used twice.
Lease* LeaseOf(Local<Value> number) {
  if (!number->IsUint32()) return nullptr;
  auto found = Leases().find(number.As<v8::Uint32>()->Value());
  return found == Leases().end() ? nullptr : &found->second;
}

// (descriptor, writes, bytes) -> the number of a lease of that much; nothing where the system has no descriptor left
void OpenLease(Info info) {
  static uint32_t last = 0;
  if (!info[0]->IsInt32() || !info[1]->IsUint32() || !info[2]->IsUint32() || last == INT32_MAX) return;
  const int descriptor = fcntl(info[0].As<v8::Int32>()->Value(), F_DUPFD_CLOEXEC, 0);
  if (descriptor < 0) return;
  last += 1;
  Leases()[last] = {descriptor, info[1].As<v8::Uint32>()->Value(), info[2].As<v8::Uint32>()->Value()};
  info.GetReturnValue().Set(last);
}

// (lease) -> [writes, bytes] that are left of it; nothing where there is none
void LeaseLeft(Info info) {
  const Lease* lease = LeaseOf(info[0]);
  if (lease == nullptr) return;
  Isolate* isolate = info.GetIsolate();
  Local<Value> left[] = {Integer::NewFromUnsigned(isolate, lease->writes),
                         Integer::NewFromUnsigned(isolate, lease->bytes)};
  info.GetReturnValue().Set(Array::New(isolate, left, 2));
}

// (lease) -> [writes, bytes] that were left of it; nobody writes there any more
void EndLease(Info info) {
  Lease* lease = LeaseOf(info[0]);
  if (lease == nullptr) return;
  LeaseLeft(info);
  close(lease->descriptor);
  Leases().erase(info[0].As<v8::Uint32>()->Value());
}

// (lease, view, start, end) -> how many of the bytes the system took at once; nothing where it has no room, or they are no
// bytes, or the lease does not reach so far. The name of an error the system will not tell a second time.
void WriteLeased(Info info) {
  Lease* lease = LeaseOf(info[0]);
  size_t size = 0;
  const uint8_t* bytes = Part(info[1], info[2], info[3], &size);
  if (lease == nullptr || bytes == nullptr || lease->writes == 0 || size == 0 || size > lease->bytes) return;
  lease->writes -= 1;
  ssize_t sent = -1;
  do sent = send(lease->descriptor, bytes, size, kWriteFlags);
  while (sent < 0 && errno == EINTR);
  const bool has_failed = sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != ENOBUFS;
  if (has_failed) {
    Local<String> name;
    if (String::NewFromUtf8(info.GetIsolate(), uv_err_name(-errno)).ToLocal(&name)) info.GetReturnValue().Set(name);
  }
  if (sent <= 0) return;
  lease->bytes -= static_cast<uint32_t>(sent);
  info.GetReturnValue().Set(static_cast<uint32_t>(sent));
}

}  // namespace
