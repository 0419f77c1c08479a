// Keys are shown as far as one needs to tell them apart.

const KEY = /\b(ph[a-z]_)([\w-]{4,})/g;
const NAMED = /("(?:api_key|\$?token|personal_api_key|Authorization)"\s*:\s*")((?:[^"\\]|\\.)*)(")/gi;

/** `phc_abcdefgh…` becomes `phc_ab…gh`. */
export function maskKey(key: string): string {
  if (key.includes("…")) return key;
  const [, prefix = "", rest = key] = /^(ph[a-z]_)(.*)$/s.exec(key) ?? [];
  return rest.length < 8 ? `${prefix}…` : `${prefix}${rest.slice(0, 2)}…${rest.slice(-2)}`;
}

/** JSON text, or something like it, without the keys in it. */
export function maskKeys(text: string): string {
  return text
    .replace(NAMED, (_, before, key, after) => `${before}${maskKey(key)}${after}`)
    .replace(KEY, (key) => maskKey(key));
}
