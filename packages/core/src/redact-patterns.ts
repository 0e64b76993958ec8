/** One documented form of a secret. */
export interface SecretPattern {
  /** Names the form in the mark that takes the secret's place: `[redacted:kind]`. */
  kind: string;
  /** What must stand before the secret; it stays. */
  before?: RegExp;
  secret: RegExp;
  /** The form alone says little (`token = …`): what is found is a secret only if it looks random. */
  onlyIfRandom?: true;
  /** Also seen with made-up values (`postgres://user:password@localhost`): a prompt is refused only for random ones. */
  oftenMadeUp?: true;
}

// A token begins a word here, or follows an escaped line break or a colour: "\nsk-…" inside JSON, "ESC[31msk-…" in a log.
// oxlint-disable-next-line no-control-regex -- colours are control characters
const wordStart = /(?<=^|[^A-Za-z0-9_-]|\\[nrt]|\x1b\[[\d;]{0,16}m)/;

/**
 * The forms that are known without knowing the value. Rules for a new one: no capturing groups; linear time, so whatever repeats without
 * bound may begin only where a run of it begins, or must succeed once it is long enough; no flags (they are joined into one expression).
 */
export const secretPatterns: readonly SecretPattern[] = [
  // Either terminated, or as many lines of base64 as follow; line breaks may be escaped.
  {
    kind: "private-key",
    secret:
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[^-]*(?:-(?!----)[^-]*)*-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|(?:(?:\s|\\[nr])+[A-Za-z0-9+/=]{20,})*)/,
  },
  // Since 2026 an installation's token may be `ghs_<app>_<JWT>`, 520 characters and more.
  { kind: "github-token", secret: /gh[opsur]_[\w-]{30,}(?:\.[\w-]{10,}){0,2}/ },
  { kind: "github-token", secret: /github_pat_\w{30,}/ },
  { kind: "sourcegraph-token", secret: /sgamp_user_\w{20,}/ },
  { kind: "sourcegraph-token", secret: /sg[pdsa]_(?:(?:local|[a-f0-9]{16})_)?[a-f0-9]{40}/ },
  { kind: "anthropic-key", secret: /sk-ant-[\w-]{20,}/ },
  {
    kind: "openai-key",
    secret: join(wordStart, /sk-(?:(?:proj|svcacct|admin|or-v1)-[\w-]{20,}|[A-Za-z0-9]{32,})/),
  },
  { kind: "aws-key", secret: join(wordStart, /(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])/) },
  {
    kind: "aws-secret",
    before: /[Aa][Ww][Ss]_?[Ss][Ee][Cc][Rr][Ee][Tt]\w{0,20}\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?/,
    secret: /[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/,
  },
  { kind: "slack-token", secret: /xox[a-z]-[\w-]{10,}/ },
  { kind: "npm-token", secret: /npm_[A-Za-z0-9]{36,}/ },
  { kind: "gitlab-token", secret: /gl(?:pat|ptt|rt|dt|cbt|soat)-[\w.-]{20,}/ },
  { kind: "google-key", secret: /AIza[\w-]{35}/ },
  { kind: "jwt", secret: join(wordStart, /eyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?/) },
  {
    kind: "url-password",
    before: /:\/\/[^\s/:@"'<>\\]*:/,
    secret: /[^\s/@"'<>\\[]+(?=@)/,
    oftenMadeUp: true,
  },
  {
    kind: "github-token",
    before: /x-access-token:\s?/,
    secret: /[^\s@"'<>\\[$]{10,}/,
    oftenMadeUp: true,
  },
  {
    kind: "authorization",
    before:
      /[Aa](?:uthorization|UTHORIZATION)\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?(?:[Bb]earer|BEARER|[Bb]asic|BASIC|[Tt]oken)\s{1,3}/,
    secret: /[^\s"'<>\\[${,;]{8,}/,
    oftenMadeUp: true,
  },
  {
    kind: "authorization",
    before: /[Bb]earer\s{1,3}/,
    secret: /[\w.~+/-]{20,}={0,2}/,
    onlyIfRandom: true,
  },
  {
    kind: "assignment",
    before:
      /(?:[Pp]ass(?:word|wd|phrase)|PASS(?:WORD|WD|PHRASE)|[Ss]ecret|SECRET|[Tt]oken|TOKEN|[Cc]redential|CREDENTIAL|(?:[Aa]pi|API|[Aa]ccess|ACCESS|[Pp]rivate|PRIVATE)[_-]?(?:[Kk]ey|KEY))(?![a-z])[\w-]{0,20}\\?["']?\s{0,3}(?:=>|:=|[:=])\s{0,3}\\?["']?/,
    secret: /[\w+/~!@#%^&*-]{16,}={0,2}/,
    onlyIfRandom: true,
  },
];

function join(...parts: RegExp[]): RegExp {
  return new RegExp(parts.map((part) => part.source).join(""));
}
