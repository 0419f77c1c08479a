// What every client's entry has beside its client: nothing of it needs a module.
export { AnalyticsError } from "./error.js";
export { background } from "./background.js";
export { databaseSource, queueSource, stripeSource } from "./sources.js";
export { trusted, verify } from "./groups.js";
