// For Node, whatever bundled it.
import { send } from "../event.js";

console.log(JSON.stringify(await send(process.argv[2])));
