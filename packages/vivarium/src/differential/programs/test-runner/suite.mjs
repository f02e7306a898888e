import assert from "node:assert";
import test, { after, afterEach, before, beforeEach, describe, it, mock } from "node:test";

const order = [];
before(() => order.push("before"));
after(() => console.log(order.join()));

test("passes", () => assert.ok(true));
test("fails", () => assert.strictEqual(1, 2));
test("is skipped", { skip: "for a reason" }, () => {});
test("is to do", { todo: true }, () => {});
test("awaits", async () => {
  await new Promise((resolve) => setTimeout(resolve, 1));
});
test("calls back", (_t, done) => setImmediate(done));
test("has subtests", async (t) => {
  t.diagnostic("said on the way");
  await t.test("inner one", () => {});
  await t.test("inner two", () => {
    throw new TypeError("inner");
  });
});
test("plans", (t) => {
  t.plan(2);
  t.assert.ok(true);
  t.assert.strictEqual(1, 1);
});

describe("a suite", () => {
  beforeEach(() => order.push("each"));
  afterEach(() => order.push("done"));
  it("one", () => order.push("one"));
  it("two", () => order.push("two"));
  describe("inside", () => {
    it("three", () => order.push("three"));
  });
});

test("mocks", (t) => {
  const object = { method: () => 1 };
  t.mock.method(object, "method", () => 2);
  assert.strictEqual(object.method(), 2);
  assert.strictEqual(object.method.mock.callCount(), 1);
  const fn = mock.fn((x) => x + 1);
  assert.strictEqual(fn(1), 2);
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  let ran = false;
  setTimeout(() => (ran = true), 1000);
  mock.timers.tick(1000);
  assert.ok(ran);
  mock.reset();
});
test("takes too long", { timeout: 20 }, () => new Promise((resolve) => setTimeout(resolve, 500)));
