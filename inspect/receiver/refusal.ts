/** A request the service answers with an error; thrown where the reason is found. */
export class Refusal extends Error {
  override name = "Refusal";

  constructor(readonly status: number, message: string) {
    super(message);
  }
}
