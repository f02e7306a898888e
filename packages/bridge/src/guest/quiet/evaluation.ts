import { append } from "../lib/define.ts";
import {
  reflectApply,
  reflectConstruct,
  reflectDefineProperty,
  reflectGetOwnPropertyDescriptor,
  SafeMap,
  StringProto,
} from "../primordials.ts";
import { isQuietCall, LONGEST } from "./call-rules.ts";
import { type Ground, type Locals, readVariable, typeOfVariable } from "./ground.ts";
import { applyBinary, applyUnary, asKey, asText } from "./operators.ts";
import { Origins } from "./origins.ts";
import { type Node, parameterNames, resultOf } from "./syntax.ts";
import { type Callable, EndsInError, isObject, orEnd, type QuietReader, SideEffect } from "./values.ts";

export type { Ground } from "./ground.ts";

const MOST_STEPS = 200_000;
const DEEPEST = 150;
/** A chain of `?.` came to its end. */
class ShortCut {}
const SHORT_CUT = new ShortCut();

/**
 * Evaluates expressions as long as that has no side effect: what V8 finds out while it runs bytecode is found out here by
 * walking the syntax. It throws `SideEffect` at the first thing that has one or is not known to have none, and
 * `EndsInError` where the code itself would throw.
 */
export class QuietEvaluation {
  readonly #source: string;
  readonly #ground: Ground;
  readonly #reader: QuietReader;
  readonly #origins = new Origins();
  #steps = 0;
  #depth = 0;

  constructor(source: string, ground: Ground, reader: QuietReader) {
    this.#source = source;
    this.#ground = ground;
    this.#reader = reader;
  }

  statements(body: readonly Node[]): void {
    for (let i = 0; i < body.length; i++) this.#statement(body[i] as Node);
  }

  #statement({ type, expression, body }: Node): void {
    if (type === "EmptyStatement") return;
    if (type === "ExpressionStatement") this.#evaluate(expression as Node, undefined);
    else if (type === "BlockStatement") this.statements(body as readonly Node[]);
    else if (type === "LabeledStatement") this.#statement(body as Node);
    else throw new SideEffect();
  }

  #evaluate(node: Node, locals: Locals | undefined): unknown {
    this.#steps++;
    this.#depth++;
    if (this.#steps > MOST_STEPS || this.#depth > DEEPEST) throw new SideEffect();
    try {
      return this.#expression(node, locals);
    } finally {
      this.#depth--;
    }
  }

  #expression(node: Node, locals: Locals | undefined): unknown {
    const { type, operator = "" } = node;
    const of = (child: Node | null | undefined): unknown => this.#evaluate(child as Node, locals);
    switch (type) {
      case "Literal":
        return node.regex === undefined ? node.value : this.#origins.made(this.#ground.run(this.#text(node)) as object);
      case "TemplateLiteral":
        return this.#template(node, locals);
      case "Identifier":
        return readVariable(node.name as string, locals, this.#ground, this.#reader);
      case "ThisExpression":
        if (locals) throw new SideEffect();
        return this.#ground.global;
      case "ArrayExpression":
        return this.#list(node.elements as readonly (Node | null)[], locals);
      case "ObjectExpression":
        return this.#object(node.properties as readonly Node[], locals);
      case "ArrowFunctionExpression":
      case "FunctionExpression":
        return this.#function(node, locals);
      case "UnaryExpression":
        if (operator === "typeof") return this.#typeOf(node.argument as Node, locals);
        return operator === "delete" ? this.#refuse() : applyUnary(operator, of(node.argument));
      case "BinaryExpression":
        if (operator === "in") return this.#has(of(node.left), of(node.right));
        return applyBinary(operator, of(node.left), of(node.right));
      case "LogicalExpression": {
        const left = of(node.left);
        const goesOn =
          operator === "&&" ? Boolean(left) : operator === "||" ? !left : left === undefined || left === null;
        return goesOn ? of(node.right) : left;
      }
      case "ConditionalExpression":
        return of(of(node.test) ? node.consequent : node.alternate);
      case "SequenceExpression": {
        const all = node.expressions as readonly Node[];
        let value: unknown;
        for (let i = 0; i < all.length; i++) value = of(all[i]);
        return value;
      }
      case "ChainExpression": {
        const value = of(node.expression as Node);
        return value === SHORT_CUT ? undefined : value;
      }
      case "MemberExpression":
        return this.#member(node, locals).value;
      case "CallExpression":
        return this.#call(node, locals);
      case "NewExpression":
        return this.#construct(node, locals);
      default:
        return this.#refuse();
    }
  }

  #refuse(): never {
    throw new SideEffect();
  }

  #text({ start, end }: Node): string {
    return StringProto.slice(this.#source, start, end);
  }

  #template({ quasis, expressions }: Node, locals: Locals | undefined): string {
    let text = "";
    const parts = quasis as readonly Node[];
    for (let i = 0; i < parts.length; i++) {
      const { value } = parts[i] as Node;
      text += (value as { cooked: string }).cooked;
      const inner = expressions?.[i];
      if (inner) text += asText(this.#evaluate(inner, locals));
    }
    return text;
  }

  #typeOf(node: Node, locals: Locals | undefined): string {
    if (node.type !== "Identifier") return typeof this.#evaluate(node, locals);
    return typeOfVariable(node.name as string, locals, this.#ground, this.#reader);
  }

  #list(nodes: readonly (Node | null)[], locals: Locals | undefined): unknown[] {
    const list = this.#origins.made(this.#ground.builtIns.newArray());
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i];
      if (!node) list.length++;
      else if (node.type === "SpreadElement") {
        const given = this.#evaluate(node.argument as Node, locals);
        if (!this.#reader.isPlainArray(given) || given.length > LONGEST) throw new SideEffect();
        for (let j = 0; j < given.length; j++) append(list, given[j]);
      } else append(list, this.#evaluate(node, locals));
    }
    return list;
  }

  #object(properties: readonly Node[], locals: Locals | undefined): object {
    const object = this.#origins.made(this.#ground.builtIns.newObject());
    for (let i = 0; i < properties.length; i++) {
      const { type, kind, computed, key, value } = properties[i] as Node;
      if (type !== "Property" || kind !== "init") throw new SideEffect();
      const { name, value: literal } = key as Node;
      const asked = computed ? asKey(this.#evaluate(key as Node, locals)) : asKey(name ?? literal);
      if (asked === "__proto__") throw new SideEffect();
      const given = this.#evaluate(value as Node, locals);
      reflectDefineProperty(object, asked, { value: given, writable: true, enumerable: true, configurable: true });
    }
    return object;
  }

  /** A function of the evaluated code: one that only gives an expression can be called here. */
  #function(node: Node, locals: Locals | undefined): unknown {
    const result = node.type === "ArrowFunctionExpression" && !node.async ? resultOf(node) : undefined;
    const names = result && parameterNames(node);
    if (!result || !names) {
      if (locals) throw new SideEffect();
      return this.#origins.madeOpaque(this.#ground.run(`(${this.#text(node)})`));
    }
    return this.#origins.madeClosure((...args: unknown[]): unknown => {
      const values = new SafeMap<string, unknown>();
      for (let i = 0; i < names.length; i++) values.set(names[i] as string, args[i]);
      return this.#evaluate(result, { values, outer: locals });
    });
  }

  #has(key: unknown, object: unknown): boolean {
    if (!isObject(object)) throw new EndsInError();
    const name = asKey(key);
    return this.#reader.find(object, name) !== undefined;
  }

  /** The object and the value of its property. */
  #member(node: Node, locals: Locals | undefined): { readonly object: unknown; readonly value: unknown } {
    const object = this.#evaluate(node.object as Node, locals);
    if (object === SHORT_CUT) return { object: undefined, value: SHORT_CUT };
    if (object === undefined || object === null) {
      if (node.optional) return { object: undefined, value: SHORT_CUT };
      throw new EndsInError();
    }
    const property = node.property as Node;
    if (property.type === "PrivateIdentifier" || this.#origins.isOpaque(object)) throw new SideEffect();
    const key = node.computed ? asKey(this.#evaluate(property, locals)) : (property.name as string);
    return { object, value: this.#read(object, key) };
  }

  #read(object: unknown, key: PropertyKey): unknown {
    if (isObject(object)) return this.#reader.valueOf(this.#reader.find(object, key), object);
    if (typeof object === "string") {
      const own = reflectGetOwnPropertyDescriptor(Object(object) as object, key);
      if (own) return own.value;
    }
    const prototype = this.#ground.builtIns.wrappers.get(typeof object) as object;
    return this.#reader.valueOf(this.#reader.find(prototype, key), object);
  }

  #call(node: Node, locals: Locals | undefined): unknown {
    const callee = node.callee as Node;
    let receiver: unknown;
    let fn: unknown;
    if (callee.type === "MemberExpression") {
      const found = this.#member(callee, locals);
      receiver = found.object;
      fn = found.value;
    } else fn = this.#evaluate(callee, locals);
    if (fn === SHORT_CUT || ((fn === undefined || fn === null) && node.optional)) return SHORT_CUT;
    const args = this.#list(node.arguments as readonly Node[], locals);
    if (typeof fn !== "function") throw new EndsInError();
    if (this.#origins.isClosure(fn)) return reflectApply(fn as Callable, undefined, args);
    const known = this.#reader.call(fn);
    if (!known || !isQuietCall(known, receiver, args, this.#reader, this.#origins)) throw new SideEffect();
    const value = orEnd(() => reflectApply(fn as Callable, receiver, args));
    return known.isFresh && isObject(value) ? this.#origins.made(value) : value;
  }

  #construct(node: Node, locals: Locals | undefined): object {
    const fn = this.#evaluate(node.callee as Node, locals);
    const args = this.#list(node.arguments as readonly Node[], locals);
    if (typeof fn !== "function") throw new EndsInError();
    const known = this.#reader.call(fn);
    if (!known || !isQuietCall(known, undefined, args, this.#reader, this.#origins)) throw new SideEffect();
    return this.#origins.made(orEnd(() => reflectConstruct(fn as unknown as NewableFunction, args)) as object);
  }
}
