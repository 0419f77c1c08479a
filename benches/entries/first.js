/** The first body that a client gives to `fetch`, and when. */
export const firstBody = (send) =>
  new Promise((resolve) => {
    send(async (_url, { body }) => {
      resolve({ body, at: performance.now() });
      return { ok: true, status: 200, text: async () => "{}", json: async () => ({}) };
    });
  });
