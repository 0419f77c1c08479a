// @ts-self-types="./request.d.ts"
// A client for one request, on every runtime: no module.
export { forRequest, withRequest } from "./shell/request.js";
