// `capturePosthogException` alone.
import { createExceptionTracking } from "posthog-wasm/exceptions";

const { capturePosthogException } = createExceptionTracking({ keep: "all" });
export default { fetch: (error) => capturePosthogException({}, { error, functionName: "f", kind: "k" }) };
