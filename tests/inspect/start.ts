import { type Inspector, type InspectorOptions, startInspector as start } from "../../pkg/inspect/mod.js";

/** As the package's, and closed at the end of its block: `AsyncDisposable` is too new for the package's own types. */
export const startInspector = start as (options?: InspectorOptions) => Promise<Inspector & AsyncDisposable>;
