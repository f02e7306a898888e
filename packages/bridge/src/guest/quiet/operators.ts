import { EndsInError, isObject, orEnd, SideEffect } from "./values.ts";

type Any = number;
type Binary = (left: Any, right: Any) => unknown;

/** Operators on primitives; TypeScript takes all operands for numbers. */
const BINARY: Readonly<Record<string, Binary>> = {
  __proto__: null as never,
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
  "**": (a, b) => a ** b,
  "&": (a, b) => a & b,
  "|": (a, b) => a | b,
  "^": (a, b) => a ^ b,
  "<<": (a, b) => a << b,
  ">>": (a, b) => a >> b,
  ">>>": (a, b) => a >>> b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  // biome-ignore lint/suspicious/noDoubleEquals: it is the program's operator
  "==": (a, b) => a == b,
  // biome-ignore lint/suspicious/noDoubleEquals: it is the program's operator
  "!=": (a, b) => a != b,
};

const bothObjects = (left: unknown, right: unknown): boolean => isObject(left) && isObject(right);
const isNothing = (value: unknown): boolean => value === undefined || value === null;

/** @throws SideEffect where an operand would be asked for a primitive */
export function applyBinary(operator: string, left: unknown, right: unknown): unknown {
  if (operator === "===") return left === right;
  if (operator === "!==") return left !== right;
  const isLoose = operator === "==" || operator === "!=";
  const asksNobody = isLoose && (bothObjects(left, right) || isNothing(left) || isNothing(right));
  const apply = BINARY[operator];
  if (!apply || (!asksNobody && (isObject(left) || isObject(right)))) throw new SideEffect();
  return orEnd(() => apply(left as Any, right as Any));
}

/** `typeof` and `delete` are not among them. */
export function applyUnary(operator: string, value: unknown): unknown {
  if (operator === "void") return undefined;
  if (operator === "!") return !value;
  if (isObject(value)) throw new SideEffect();
  switch (operator) {
    case "-":
      return orEnd(() => -(value as number));
    case "+":
      return orEnd(() => +(value as number));
    case "~":
      return orEnd(() => ~(value as number));
    default:
      throw new SideEffect();
  }
}

/** What a template makes of a value. */
export function asText(value: unknown): string {
  if (isObject(value)) throw new SideEffect();
  if (typeof value === "symbol") throw new EndsInError();
  return `${value as string}`;
}

export function asKey(value: unknown): PropertyKey {
  if (isObject(value)) throw new SideEffect();
  return typeof value === "symbol" ? value : `${value as string}`;
}
