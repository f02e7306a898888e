import { describe, expect, it } from "vitest";
import { brands } from "../lib/brands.ts";
import { CloneMessage, type PortAccess } from "../lib/clone-message.ts";
import { registerHostObject } from "../lib/host-objects.ts";
import { fakeRealm } from "../testing.ts";

const realm = fakeRealm({
  symbols: { messaging_clone_symbol: Symbol("clone"), messaging_transfer_symbol: Symbol("transfer") },
  privateSymbols: { transfer_mode_private_symbol: Symbol("mode"), untransferable_object_private_symbol: Symbol("no") },
});
const noPorts: PortAccess = {
  isPort: () => false,
  isDetached: () => true,
  detach: () => undefined,
  attach: () => ({}),
};
const context = {
  realm,
  ports: noPorts,
  types: brands,
  domException: () => DOMException,
  createObject: () => () => ({}),
};
const clone = (value: unknown, transfer: unknown[] = []): unknown => CloneMessage.pack(context, value, transfer).open();
const failure = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return [(error as Error).name, (error as Error).message];
  }
  return undefined;
};
const nativeFailure = (value: unknown, transfer: unknown[] = []) =>
  failure(() => structuredClone(value, { transfer: transfer as ArrayBuffer[] }));

describe("structuredClone", () => {
  it("copies what the native one copies", () => {
    const shared = { x: 1 };
    const values: unknown[] = [
      { a: [1, { b: shared }], c: shared, d: new Map([[shared, new Set([1])]]) },
      [new Date(5), /x/gi, new Error("e", { cause: 1 }), 5n, Object("s")],
      new (class A {
        x = 1;
      })(),
      Object.create(null),
      Buffer.from("abc"),
      Object.assign([], { 1: 1, length: 3 }),
    ];
    for (const value of values) expect(clone(value)).toStrictEqual(structuredClone(value));
  });

  it("moves transferred buffers and detaches the originals", () => {
    const buffer = new Uint8Array([1, 2, 3]).buffer;
    const view = new Uint8Array(buffer, 1);
    const back = clone({ buffer, view }, [buffer]) as { buffer: ArrayBuffer; view: Uint8Array };
    expect([...back.view]).toEqual([2, 3]);
    expect(back.view.buffer).toBe(back.buffer);
    expect([buffer.byteLength, view.length]).toEqual([0, 0]);
  });

  it("detaches nothing when the value cannot be cloned", () => {
    const buffer = new ArrayBuffer(4);
    expect(() => clone({ buffer, f: () => {} }, [buffer])).toThrow("could not be cloned");
    expect(buffer.byteLength).toBe(4);
  });

  it("shares SharedArrayBuffers", () => {
    const shared = new SharedArrayBuffer(2);
    const back = clone({ view: new Uint8Array(shared) }) as { view: Uint8Array };
    expect(back.view.buffer).toBe(shared);
  });

  it("refuses in the native words", () => {
    const detached = new ArrayBuffer(1);
    structuredClone(detached, { transfer: [detached] });
    const twice = new ArrayBuffer(1);
    const cases: [unknown, unknown[]][] = [
      [() => {}, []],
      [{ a: Symbol("x") }, []],
      [Promise.resolve(), []],
      [detached, []],
      [1, [detached]],
      [1, [{}]],
      [1, [new Uint8Array(1)]],
      [twice, [twice, twice]],
    ];
    for (const [value, transfer] of cases) {
      expect(failure(() => clone(value, transfer))).toEqual(nativeFailure(value, transfer));
    }
  });

  it("passes errors of getters on", () => {
    const thrown = new RangeError("boom");
    const value = {
      get a(): never {
        throw thrown;
      },
    };
    expect(() => clone(value)).toThrow(thrown);
  });

  it("clones host objects by their own rule", () => {
    const handle = {};
    const copy = {};
    registerHostObject(handle, { clone: () => copy });
    expect((clone({ handle }) as { handle: object }).handle).toBe(copy);
    const stuck = {};
    registerHostObject(stuck, {});
    expect(failure(() => clone(stuck))).toEqual(["DataCloneError", "Cannot clone object of unsupported type."]);
  });

  it("knows proxies only where they are tracked", () => {
    expect(brands.isProxy(new Proxy({}, {}))).toBe(false);
  });
});
