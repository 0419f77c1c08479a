// Vercel calls a function's default export; workerd a method of it.
import handle from "./index.mjs";

export default { fetch: (request, _env, context) => handle(request, context) };
