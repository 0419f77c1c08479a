// CommonJS in Node: it requires ES modules since 20.19.
const { PostHog, trusted } = require("posthog-wasm");

const posthog = new PostHog("phc_test", { host: process.argv[2], maxRetries: 0 });
const groups = [trusted("organization", "org_1")];
posthog.capture({ event: "Stack Tried", distinctId: "user_1", groups }).then((outcome) => {
  console.log(JSON.stringify(outcome));
});
