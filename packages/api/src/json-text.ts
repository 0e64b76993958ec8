/**
 * JSON on one line that is safe to print: beside the control characters that JSON escapes anyway it escapes those that a
 * terminal or a line reader may still act on (C1 controls, line separators, changes of writing direction).
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(active, escape);
}

const active = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
