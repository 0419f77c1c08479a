import { send } from "../../event.js";

export default defineEventHandler((event) => send(getRequestHeader(event, "x-receiver")));
