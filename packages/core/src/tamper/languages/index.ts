import type { Language } from "../language.ts";
import { cpp } from "./cpp.ts";
import { csharp } from "./csharp.ts";
import { elixir } from "./elixir.ts";
import { go } from "./go.ts";
import { java } from "./java.ts";
import { javascript } from "./javascript.ts";
import { php } from "./php.ts";
import { python } from "./python.ts";
import { ruby } from "./ruby.ts";
import { rust } from "./rust.ts";
import { shell } from "./shell.ts";
import { swift } from "./swift.ts";

/** The languages that the rules know. The first whose path fits counts. */
export const languages: readonly Language[] = [
  javascript,
  python,
  rust,
  go,
  java,
  csharp,
  ruby,
  php,
  cpp,
  swift,
  elixir,
  shell,
];
