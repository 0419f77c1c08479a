import { send } from "../../../event.js";

export const runtime = "edge";
export const dynamic = "force-dynamic";

export async function GET(request) {
  return Response.json(await send(request.headers.get("x-receiver")));
}
