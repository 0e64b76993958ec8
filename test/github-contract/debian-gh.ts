import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";

const cache = join(import.meta.dirname, "../../node_modules/.cache/ampx-gh");
const file = "gh_2.46.0-3_amd64.deb";
const sha256 = "4af2d243a11c94ade52aa2e66bb28d8a048fc05f95e2f7cb0e0ecad2343ea872";

/** The gh of Debian 13, unpacked, nothing installed; the one of Debian 12 does not know `run list --commit`. */
export async function debianGh(): Promise<string> {
  const folder = join(cache, file);
  const gh = join(folder, "usr/bin/gh");
  if (existsSync(gh)) return gh;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, "draft-"));
  try {
    const response = await fetch(`http://deb.debian.org/debian/pool/main/g/gh/${file}`, {
      headers: { connection: "close" },
    });
    if (!response.ok) throw new Error(`Debian's archive answered ${response.status} for ${file}`);
    const archive = Buffer.from(await response.arrayBuffer());
    const found = createHash("sha256").update(archive).digest("hex");
    if (found !== sha256) throw new Error(`${file} is not what it was: sha256 ${found}`);
    await writeFile(join(draft, file), archive);
    await execa("dpkg-deb", ["-x", join(draft, file), draft]);
    await rm(join(draft, file));
    // Whole or not at all.
    await rename(draft, folder);
  } catch (error) {
    // Somebody else was faster.
    if (!existsSync(gh)) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return gh;
}

/** Where Debian's packages can be unpacked and run. */
export function canRunDebianGh(): boolean {
  return process.platform === "linux" && process.arch === "x64" && existsSync("/usr/bin/dpkg-deb");
}
