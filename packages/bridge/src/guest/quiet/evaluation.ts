import { append } from "../lib/define.ts";
import {
  ArrayProto,
  arrayIsArray,
  reflectApply,
  reflectConstruct,
  reflectDefineProperty,
  reflectGetOwnPropertyDescriptor,
  SafeMap,
  SafeSet,
  SafeWeakMap,
  StringProto,
} from "../primordials.ts";
import type { QuietBuiltIns, QuietCall } from "./built-ins.ts";
import { applyBinary, applyUnary, asKey, asText } from "./operators.ts";
import { type Callable, EndsInError, isObject, orEnd, type QuietReader, SideEffect } from "./values.ts";

/** A node of acorn's syntax tree (ESTree), as far as an expression has it. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly name?: string;
  readonly operator?: string;
  readonly kind?: string;
  readonly computed?: boolean;
  readonly optional?: boolean;
  readonly method?: boolean;
  readonly async?: boolean;
  readonly generator?: boolean;
  readonly prefix?: boolean;
  readonly regex?: unknown;
  readonly cooked?: string | null;
  readonly key?: Node;
  readonly value?: unknown;
  readonly argument?: Node | null;
  readonly left?: Node;
  readonly right?: Node;
  readonly test?: Node;
  readonly consequent?: Node;
  readonly alternate?: Node;
  readonly object?: Node;
  readonly property?: Node;
  readonly callee?: Node;
  readonly expression?: Node | boolean;
  readonly body?: Node | readonly Node[];
  readonly params?: readonly Node[];
  readonly arguments?: readonly Node[];
  readonly elements?: readonly (Node | null)[];
  readonly properties?: readonly Node[];
  readonly expressions?: readonly Node[];
  readonly quasis?: readonly Node[];
}

/** Where an expression is evaluated. */
export interface Ground {
  /** Whose properties are variables, in the order they are asked. */
  readonly scopes: readonly object[];
  /** `this`, as programs have it. */
  readonly global: object;
  /** Names of `let`, `const` and `class` of scripts before. */
  readonly lexicals: readonly string[];
  readonly builtIns: QuietBuiltIns;
  /** Runs code there for good. */
  run(source: string): unknown;
}

/** Parameters of functions of the evaluated code. */
interface Locals {
  readonly values: SafeMap<string, unknown>;
  readonly outer: Locals | undefined;
}

const MOST_STEPS = 200_000;
const DEEPEST = 150;
/** So long an array may get here; V8 itself stops by time. */
const LONGEST = 100_000;

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
  /** Objects nobody else has. */
  readonly #fresh = new SafeWeakMap<object, true>();
  /** Functions of the evaluated code that can be called here. */
  readonly #closures = new SafeWeakMap<object, true>();
  /** Functions whose properties are not those of the real ones. */
  readonly #opaque = new SafeSet<unknown>();
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

  #made<T extends object>(value: T): T {
    this.#fresh.set(value, true);
    return value;
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
        return node.regex === undefined ? node.value : this.#made(this.#ground.run(this.#text(node)) as object);
      case "TemplateLiteral":
        return this.#template(node, locals);
      case "Identifier":
        return this.#variable(node.name as string, locals);
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

  #variable(name: string, locals: Locals | undefined): unknown {
    for (let at = locals; at; at = at.outer) if (at.values.has(name)) return at.values.get(name);
    const { lexicals, scopes } = this.#ground;
    for (let i = 0; i < lexicals.length; i++) if (lexicals[i] === name) return orEnd(() => this.#ground.run(name));
    for (let i = 0; i < scopes.length; i++) {
      const scope = scopes[i] as object;
      const found = this.#reader.find(scope, name);
      if (found) return this.#reader.valueOf(found, scope);
    }
    throw new EndsInError();
  }

  #typeOf(node: Node, locals: Locals | undefined): string {
    if (node.type !== "Identifier") return typeof this.#evaluate(node, locals);
    // A name nobody has is "undefined"; a lexical one that is not there yet is an error.
    try {
      return typeof this.#variable(node.name as string, locals);
    } catch (error) {
      if (!(error instanceof EndsInError)) throw error;
      return typeof orEnd(() => this.#ground.run(`typeof ${node.name as string}`));
    }
  }

  #list(nodes: readonly (Node | null)[], locals: Locals | undefined): unknown[] {
    const list = this.#made(this.#ground.builtIns.newArray());
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
    const object = this.#made(this.#ground.builtIns.newObject());
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
      const real = this.#ground.run(`(${this.#text(node)})`);
      this.#opaque.add(real);
      return real;
    }
    const closure = (...args: unknown[]): unknown => {
      const values = new SafeMap<string, unknown>();
      for (let i = 0; i < names.length; i++) values.set(names[i] as string, args[i]);
      return this.#evaluate(result, { values, outer: locals });
    };
    this.#closures.set(closure, true);
    this.#opaque.add(closure);
    return closure;
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
    if (property.type === "PrivateIdentifier" || this.#opaque.has(object)) throw new SideEffect();
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
    if (this.#closures.has(fn)) return reflectApply(fn as Callable, undefined, args);
    const known = this.#reader.call(fn);
    if (!known || !this.#isQuiet(known, receiver, args)) throw new SideEffect();
    const value = orEnd(() => reflectApply(fn as Callable, receiver, args));
    return known.isFresh && isObject(value) ? this.#made(value) : value;
  }

  #construct(node: Node, locals: Locals | undefined): object {
    const fn = this.#evaluate(node.callee as Node, locals);
    const args = this.#list(node.arguments as readonly Node[], locals);
    if (typeof fn !== "function") throw new EndsInError();
    const known = this.#reader.call(fn);
    if (!known || !this.#isQuiet(known, undefined, args)) throw new SideEffect();
    return this.#made(orEnd(() => reflectConstruct(fn as unknown as NewableFunction, args)) as object);
  }

  #isQuiet({ kind, isStatic }: QuietCall, receiver: unknown, args: readonly unknown[]): boolean {
    const reader = this.#reader;
    const isArray = reader.isPlainArray(receiver) && receiver.length <= LONGEST;
    const arePrimitives = every(args, (value) => !isObject(value));
    switch (kind) {
      case "plain":
        return arePrimitives && (isStatic || !isObject(receiver));
      case "shape": {
        const about = isStatic ? args[0] : receiver;
        const rest = isStatic ? ArrayProto.slice(args as unknown[], 1) : args;
        return (!isObject(about) || reader.isTransparent(about)) && every(rest, (value) => !isObject(value));
      }
      case "look": {
        const isKnown = isStatic || (arrayIsArray(receiver) ? isArray : reader.isData(receiver));
        return isKnown && every(args, (value) => reader.isData(value));
      }
      case "each":
        return isArray && isObject(args[0]) && this.#closures.has(args[0]);
      case "text":
        return isArray && arePrimitives && every(receiver, (value) => !isObject(value));
      case "change":
        return isArray && this.#fresh.has(receiver) && arePrimitives;
      case "collect":
        if (args.length !== 1) return args.length === 0;
        return reader.isPlainArray(args[0]) ? args[0].length <= LONGEST : isSmall(args[0]);
      default:
        return false;
    }
  }
}

const isSmall = (value: unknown): boolean => typeof value === "number" && value <= LONGEST;

function every(values: readonly unknown[], test: (value: unknown) => boolean): boolean {
  for (let i = 0; i < values.length; i++) if (!test(values[i])) return false;
  return true;
}

/** The one expression a function gives back. */
function resultOf({ body, expression }: Node): Node | undefined {
  if (expression === true) return body as Node;
  const statements = (body as Node).body as readonly Node[];
  const first = statements.length === 1 ? statements[0] : undefined;
  return first?.type === "ReturnStatement" ? (first.argument ?? undefined) : undefined;
}

function parameterNames({ params }: Node): string[] | undefined {
  const names: string[] = [];
  const all = params as readonly Node[];
  for (let i = 0; i < all.length; i++) {
    const { type, name } = all[i] as Node;
    if (type !== "Identifier") return undefined;
    append(names, name as string);
  }
  return names;
}
