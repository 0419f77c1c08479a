// Calls a handler as its framework would, in Node, with a member of the organization and with somebody else:
// `node handle.js <sample> <its export> <body>`.
const [sample, name, body] = process.argv.slice(2);
const { [name]: exported } = await import(sample);
const handler = typeof exported === "function" ? exported : (request) => exported.fetch(request);

const post = async (sent) => {
  const response = await handler(new Request("http://127.0.0.1/reports", { method: "POST", body: sent }));
  return response.status;
};
const [refused, done] = [await post(JSON.stringify({ user: "stranger", org: "org_1" })), await post(body)];
if (refused !== 403 || done !== 200) throw new Error(`answered ${refused} and ${done}`);
