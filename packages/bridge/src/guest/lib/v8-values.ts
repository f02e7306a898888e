/**
 * What the files that write and read one kind of object (`v8-write-*.ts`, `v8-read-*.ts`) ask of the serializer and
 * the deserializer, which hold the numbers of objects and find the file for a value.
 */
import type { V8Reader } from "./v8-reader.ts";
import type { V8Writer } from "./v8-writer.ts";

/** Writes values of any kind; `V8Serializer` is one. */
export interface ValueWriter {
  readonly out: V8Writer;
  /** Writes a value that is part of another; getters inside it run. */
  write(value: unknown): void;
  /** Throws the error for a value that cannot be cloned. */
  refuse(value: unknown): never;
  /** Throws a clone error with this text. */
  fail(message: string): never;
}

/** Reads values of any kind; `V8Deserializer` is one. */
export interface ValueReader {
  readonly in: V8Reader;
  /** The version the bytes were written in. */
  readonly version: number;
  /** Reads a value that is part of another. */
  read(): unknown;
  /** Gives an object the next number and hands it back; the objects inside it are read afterwards. */
  keep<T>(object: T): T;
  /** Takes the next number for an object that is made only after the objects inside it. */
  reserve(): number;
  /** Puts the object behind the number `reserve` took. */
  settle(id: number, object: object): void;
  /** Throws the error for bytes that are no value. */
  bad(): never;
}
