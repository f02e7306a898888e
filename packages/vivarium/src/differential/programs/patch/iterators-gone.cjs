// A program may take away what array patterns and loops ask for.
const ArrayIteratorPrototype = Object.getPrototypeOf([][Symbol.iterator]());
delete Array.prototype[Symbol.iterator];
delete ArrayIteratorPrototype.next;
import("./module.mjs").then((namespace) => console.log(namespace.default), (error) => console.log(error.message));
