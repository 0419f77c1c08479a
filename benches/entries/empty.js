export const first = () => "{}";

export default { fetch: () => new Response(first()) };
