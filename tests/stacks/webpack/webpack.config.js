import { copyFileSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";

const dist = join(import.meta.dirname, "dist");

export default {
  mode: "production",
  target: "webworker",
  entry: "../worker.js",
  output: { path: dist, filename: "worker.js", module: true, library: { type: "module" } },
  experiments: { outputModule: true },
  resolve: { conditionNames: ["workerd", "import", "default"] },
  externalsType: "module",
  // Workers compile a module that is a file of its own, so it is copied as it is.
  externals: [({ context, request }, done) => {
    if (!request.endsWith(".wasm")) return done();
    mkdirSync(dist, { recursive: true });
    copyFileSync(join(context, request), join(dist, basename(request)));
    done(null, `./${basename(request)}`);
  }],
};
