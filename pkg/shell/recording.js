// A replay's events are too long to cross into the module, whose memory only grows. Their text stays here, is looked
// at piece by piece, and is put into the body where Rust says.

const MAX_LENGTH = 25_000_000;
const PIECE_LENGTH = 16_384;
/** Bits of what `scan_recording` answers; above them is the piece's length in bytes. */
const [TOO_DEEP, HAS_SURROGATE, STATE] = [1, 2, 0xffff];

/** Text that is held, and what Rust must know of it; `refusal` instead, if it cannot be sent. */
export class Recording {
  constructor(module, text) {
    this.text = text;
    if (text.length > MAX_LENGTH) {
      this.refusal = { code: "too_large", field: "events", message: "larger than PostHog takes (20 MB)" };
      return;
    }
    const { bits, bytes } = scan(module, text);
    if (bits & TOO_DEEP) {
      this.refusal = { code: "too_deep", field: "events", message: "nested deeper than 100 levels" };
      return;
    }
    this.bytes = bytes;
    this.mended = (bits & HAS_SURROGATE) !== 0;
    if (this.mended) this.text = withoutHalves(text);
  }
}

function scan(module, text) {
  return module.compute((core) => {
    let [bits, bytes] = [0, 0];
    for (let from = 0, to; from < text.length; from = to) {
      to = Math.min(from + PIECE_LENGTH, text.length);
      // Both halves of a pair are in one piece.
      if ((text.charCodeAt(to - 1) & 0xfc00) === 0xd800) to++;
      const answer = core.scan_recording(text.slice(from, to), bits & STATE);
      bits = answer & STATE;
      bytes += answer >>> 16;
    }
    return { bits, bytes };
  });
}

/** `JSON.stringify` writes halves of UTF-16 pairs, and nothing else, as such escapes. */
function withoutHalves(text) {
  return text.replace(
    /\\(u[dD][89a-fA-F][0-9a-fA-F]{2}|[^])/g,
    (all, escape) => escape.length > 1 ? "\\ufffd" : all,
  );
}
