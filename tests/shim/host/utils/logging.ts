export function cloudlog(record: object | string): void {
  console.log(record);
}

export function cloudlogErr(record: object | string): void {
  console.error(record);
}

export function serializeError(error: unknown) {
  if (!(error instanceof Error)) {
    return { name: "Error", message: JSON.stringify(error), stack: undefined, cause: undefined };
  }
  const { name, message, stack, cause } = error;
  return { name, message, stack, cause };
}
