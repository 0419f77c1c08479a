import { send } from "../event.js";

test("an event is sent", async () => {
  expect(await send(process.env.RECEIVER)).toMatchObject({ status: "accepted" });
});
