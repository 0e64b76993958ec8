/**
 * Bytes of a log to text, however they are cut: UTF-8, or UTF-16 where a byte order mark or the zero bytes of the beginning tell so. What is
 * no text becomes U+FFFD. Never throws.
 */
export function decodedText(): { push(bytes: Uint8Array): string; end(): string } {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let first = new Uint8Array(0);

  return {
    push: (bytes) => {
      if (decoder !== undefined) return decoder.decode(bytes, { stream: true });
      const joined = new Uint8Array(first.length + bytes.length);
      joined.set(first);
      joined.set(bytes, first.length);
      first = joined;
      // A few bytes do not tell the encoding.
      if (first.length < 16) return "";
      decoder = new TextDecoder(encodingOf(first));
      return decoder.decode(first, { stream: true });
    },
    end: () => {
      decoder ??= new TextDecoder(encodingOf(first));
      const text = decoder.decode(first.length < 16 ? first : undefined);
      first = new Uint8Array(0);
      return text;
    },
  };
}

/** Text in Latin letters has a zero in every second byte of UTF-16. */
function encodingOf(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  const head = bytes.subarray(0, 64);
  const even = head.filter((byte, at) => byte === 0 && at % 2 === 0).length;
  const odd = head.filter((byte, at) => byte === 0 && at % 2 === 1).length;
  if (odd > head.length / 4 && even < head.length / 16) return "utf-16le";
  if (even > head.length / 4 && odd < head.length / 16) return "utf-16be";
  return "utf-8";
}
