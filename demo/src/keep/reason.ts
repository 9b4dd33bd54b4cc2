/** What an error says in one line; some browsers say nothing but a name. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' ? error.name : error.message.replace(/\.?\s*$/, '');
}
