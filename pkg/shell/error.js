/** A mistake in what a builder was given: a stable `code`, and the `field` it is in. */
export class AnalyticsError extends Error {
  constructor({ code, field, message }) {
    super(field ? `${field} ${message}` : message);
    this.name = "AnalyticsError";
    this.code = code;
    if (field) this.field = field;
  }
}
