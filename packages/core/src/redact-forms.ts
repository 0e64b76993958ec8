const shortest = 6;

/**
 * The forms in which a secret value turns up in text: as it is, URL-encoded, JSON-escaped (once and twice: JSON inside JSON), in base64 at each
 * of its three alignments (`Basic` credentials hold `user:password`), and the long lines of a value of several lines. A value of fewer than
 * 6 characters has none: taking it out would garble every text.
 */
export function encodedForms(value: string): Set<string> {
  const forms = new Set<string>();
  const trimmed = value.trim().toWellFormed();
  if (trimmed.length < shortest) return forms;
  const lines = trimmed.split(/\r?\n/).filter((line) => line.length >= 16);
  for (const text of new Set([trimmed, ...lines])) {
    const url = encodeURIComponent(text);
    for (const form of [
      text,
      url,
      url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
      url.replaceAll("%20", "+"),
    ])
      forms.add(form);
    const json = JSON.stringify(text).slice(1, -1);
    forms.add(json).add(JSON.stringify(json).slice(1, -1));
    for (const form of base64Forms(text))
      forms.add(form).add(form.replaceAll("+", "-").replaceAll("/", "_"));
  }
  return forms;
}

// Three bytes make four digits, so the digits depend on where the value begins. Digits that hold bits of a neighbour are left out, except
// at the end of the plain form, which is kept whole with its padding.
function* base64Forms(text: string): Iterable<string> {
  const bytes = new TextEncoder().encode(text);
  yield base64(bytes);
  yield base64(bytes).replace(/=+$/, "");
  for (const offset of [0, 1, 2]) {
    const shifted = new Uint8Array(offset + bytes.length);
    shifted.set(bytes, offset);
    const digits = base64(shifted).slice(
      Math.ceil((offset * 8) / 6),
      Math.floor((shifted.length * 8) / 6),
    );
    if (digits.length >= shortest) yield digits;
  }
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
