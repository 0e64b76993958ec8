import { rule } from "../rule.ts";

/** Programs, archives and dumps: nobody can review them. */
const opaque =
  /\.(?:exe|dll|so(?:\.[\d.]{1,20})?|dylib|a|lib|o|obj|class|jar|war|ear|aar|apk|ipa|node|wasm|pyc|pyo|whl|egg|gem|nupkg|deb|rpm|dmg|msi|iso|img|zip|tar|t?gz|bz2|xz|7z|rar|zst|bin|dat|db|sqlite3?|mdb|dump|rdb|parquet|pkl|pickle|h5|onnx|pt|pth|safetensors|ckpt|mp4|mov|avi|psd|core)$/i;

export const bigFilesAdded = rule({
  name: "big_files_added",
  verdict: "hold",
  what: "A big binary file, or one that nobody can review, was added.",
  undo: "Take the file out of the commit; fetch or build it where it is needed.",
  patterns: [opaque],
  *find({ files, options: { sizes } }) {
    for (const file of files) {
      if (file.status === "deleted" || file.status === "renamed") continue;
      const size = sizes.get(file.path);
      const isBig =
        size !== undefined && size > bigBytes && (file.isBinary || file.status === "added");
      const isOpaque =
        file.isBinary && opaque.test(file.path) && (size === undefined || size > smallBytes);
      if (!isBig && !isOpaque) continue;
      const evidence = size === undefined ? "a binary file" : `${Math.ceil(size / 1024)} KiB`;
      yield { file: file.path, line: null, evidence };
    }
  },
});

/** Above this, nobody reads a file. */
const bigBytes = 1_048_576;
/** A fixture of this size is no burden. */
const smallBytes = 10_240;
