export { createNodeDriver } from "./driver.ts";
