export { keysOf, noteKey } from "../base/key-order.ts";
