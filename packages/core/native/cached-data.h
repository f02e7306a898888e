// V8's code caches, for `vm`. V8 believes what is in one, down to the bytecode, so only its own output may come back: a
// cache leaves here under a seal made of it, its source and a key of the supervisor's, and whatever has no such seal is
// refused as V8 refuses the cache of another version.
#pragma once
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "hooks.h"

namespace {

enum class CacheKind : uint8_t { script, function, module };

constexpr size_t kSealSize = 32;
// V8's own limit on what a snapshot of code may be is far below.
constexpr size_t kCacheLimit = 256u << 20;
using Seal = std::array<uint8_t, kSealSize>;

// 64 hexadecimal digits -> a key
bool ReadKey(const char* digits, Seal* key) {
  if (!digits || std::strlen(digits) != 2 * kSealSize) return false;
  for (size_t i = 0; i < kSealSize; i++) {
    const char pair[] = {digits[2 * i], digits[2 * i + 1], '\0'};
    char* end = nullptr;
    (*key)[i] = static_cast<uint8_t>(std::strtoul(pair, &end, 16));
    if (end != pair + 2) return false;
  }
  return true;
}

// The supervisor's key, or one of this process alone; nothing where the system has no randomness to give.
const Seal* SealKey() {
  static Seal key;
  static const bool made = ReadKey(std::getenv("VIVARIUM_CACHE_KEY"), &key) || RAND_bytes(key.data(), kSealSize) == 1;
  return made ? &key : nullptr;
}

// `shape`: what else a cache depends on, for a function its parameters.
bool MakeSeal(Isolate* isolate, CacheKind kind, Local<String> source, const std::string& shape, const uint8_t* data,
              size_t size, Seal* seal) {
  const Seal* key = SealKey();
  std::unique_ptr<HMAC_CTX, decltype(&HMAC_CTX_free)> mac(HMAC_CTX_new(), HMAC_CTX_free);
  if (!key || !mac || !HMAC_Init_ex(mac.get(), key->data(), kSealSize, EVP_sha256(), nullptr)) return false;
  const uint64_t header[] = {static_cast<uint64_t>(kind), static_cast<uint64_t>(source->Length()), shape.size(), size};
  bool good = HMAC_Update(mac.get(), reinterpret_cast<const uint8_t*>(header), sizeof header) == 1 &&
              HMAC_Update(mac.get(), reinterpret_cast<const uint8_t*>(shape.data()), shape.size()) == 1;
  uint16_t units[4096];
  for (int at = 0; good && at < source->Length();) {
    const int count = source->Write(isolate, units, at, 4096, String::NO_NULL_TERMINATION);
    if (count <= 0) return false;
    good = HMAC_Update(mac.get(), reinterpret_cast<const uint8_t*>(units), count * sizeof units[0]) == 1;
    at += count;
  }
  unsigned length = kSealSize;
  return good && HMAC_Update(mac.get(), data, size) == 1 && HMAC_Final(mac.get(), seal->data(), &length) == 1;
}

// A sealed cache -> what V8 takes; nullptr when it is none of ours for this source. Whoever calls gives it to a Source,
// which owns it.
ScriptCompiler::CachedData* Unsealed(Isolate* isolate, CacheKind kind, Local<String> source, const std::string& shape,
                                     Local<Value> given) {
  if (!given->IsArrayBufferView()) return nullptr;
  Local<v8::ArrayBufferView> view = given.As<v8::ArrayBufferView>();
  const size_t size = view->ByteLength();
  if (size <= kSealSize || size > kCacheLimit) return nullptr;
  // A copy first: what is checked must be what is used.
  Seal claimed;
  std::unique_ptr<uint8_t[]> copy(new (std::nothrow) uint8_t[size]);
  if (!copy || view->CopyContents(copy.get(), size) != size) return nullptr;
  std::memcpy(claimed.data(), copy.get(), kSealSize);
  const size_t length = size - kSealSize;
  std::unique_ptr<uint8_t[]> data(new (std::nothrow) uint8_t[length]);
  if (!data) return nullptr;
  std::memcpy(data.get(), copy.get() + kSealSize, length);
  Seal seal;
  if (!MakeSeal(isolate, kind, source, shape, data.get(), length, &seal)) return nullptr;
  if (CRYPTO_memcmp(seal.data(), claimed.data(), kSealSize) != 0) return nullptr;
  return new ScriptCompiler::CachedData(data.release(), static_cast<int>(length), ScriptCompiler::CachedData::BufferOwned);
}

// A cache of V8's -> its bytes under a seal
MaybeLocal<Value> Sealed(Isolate* isolate, CacheKind kind, Local<String> source, const std::string& shape,
                         const ScriptCompiler::CachedData* cache) {
  if (!cache || cache->length <= 0 || static_cast<size_t>(cache->length) > kCacheLimit - kSealSize) return {};
  const size_t length = static_cast<size_t>(cache->length);
  Seal seal;
  if (!MakeSeal(isolate, kind, source, shape, cache->data, length, &seal)) return {};
  std::unique_ptr<v8::BackingStore> store = v8::ArrayBuffer::NewBackingStoreForNodeLTS(isolate, kSealSize + length);
  if (!store) return {};
  uint8_t* bytes = static_cast<uint8_t*>(store->Data());
  std::memcpy(bytes, seal.data(), kSealSize);
  std::memcpy(bytes + kSealSize, cache->data, length);
  return v8::Uint8Array::New(v8::ArrayBuffer::New(isolate, std::move(store)), 0, kSealSize + length).As<Value>();
}

void ReturnSealed(Info info, CacheKind kind, Local<String> source, const std::string& shape,
                  const ScriptCompiler::CachedData* cache) {
  Local<Value> bytes;
  if (Sealed(info.GetIsolate(), kind, source, shape, cache).ToLocal(&bytes)) info.GetReturnValue().Set(bytes);
}

// -> what caches of this V8 with these flags have in common
void CachedDataVersionTag(Info info) { info.GetReturnValue().Set(ScriptCompiler::CachedDataVersionTag()); }

}  // namespace
