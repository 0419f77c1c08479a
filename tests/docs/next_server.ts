/** What README's quickstart takes of Next, outside of Next: work that goes on after the response. */
export const after = (task: Promise<unknown>): void => void task;
