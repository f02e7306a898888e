// What the cell itself uses of the helper, in Node's own isolate. No guest sees any of it.
#pragma once
#include <fcntl.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <node.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "handed.h"
#include "hooks.h"
#include "leases.h"

namespace {

// (path) -> the file's bytes as an ArrayBuffer that is the file itself, shared with every process that maps it; nothing
// when it cannot be mapped. Writing to the buffer changes this process's copy only.
void MapFile(Info info) {
  Isolate* isolate = info.GetIsolate();
  String::Utf8Value path(isolate, info[0]);
  const int file = *path ? open(*path, O_RDONLY | O_CLOEXEC) : -1;
  if (file < 0) return;
  struct stat facts;
  const bool is_known = fstat(file, &facts) == 0 && facts.st_size > 0;
  const size_t size = is_known ? static_cast<size_t>(facts.st_size) : 0;
  void* bytes = is_known ? mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0) : MAP_FAILED;
  close(file);
  if (bytes == MAP_FAILED) return;
  auto unmap = [](void* data, size_t length, void*) { munmap(data, length); };
  info.GetReturnValue().Set(
      v8::ArrayBuffer::New(isolate, v8::ArrayBuffer::NewBackingStore(bytes, size, unmap, nullptr)));
}

// Collects the garbage of Node's own heap and gives the system back what nobody uses.
void Shrink(Info info) {
  info.GetIsolate()->LowMemoryNotification();
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace

// Node looks for this name when the cell loads the helper with process.dlopen().
extern "C" NODE_MODULE_EXPORT void NODE_MODULE_INITIALIZER(Local<Object> exports, Local<Value>, Local<Context> context) {
  Isolate* isolate = context->GetIsolate();
  Set(isolate, context, exports, "mapFile", MapFile);
  Set(isolate, context, exports, "shrink", Shrink);
  Set(isolate, context, exports, "handOver", HandOver);
  Set(isolate, context, exports, "dropHanded", DropHanded);
  Set(isolate, context, exports, "shareMemory", ShareMemory);
  Set(isolate, context, exports, "openLease", OpenLease);
  Set(isolate, context, exports, "leaseLeft", LeaseLeft);
  Set(isolate, context, exports, "endLease", EndLease);
}
