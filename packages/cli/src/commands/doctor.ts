import { AmpxCommand } from "../ampx-command.ts";
import type { Finding } from "../doctor/check.ts";
import { exitCodes } from "../exit-codes.ts";
import { findServer } from "../find-server.ts";
import { githubUrlFlag, withGitHub } from "../github-url.ts";
import { findingsText } from "../render/findings.ts";

export default class Doctor extends AmpxCommand {
  static override summary =
    "Check what tasks need: git, Node, agents, home, port, disk, and say what to do";
  static override description =
    "Asks the running worker about agents and their keys; looks by itself when none runs. Exits with 1 when something needed is missing.";
  static override examples = ["<%= config.bin %> doctor"];
  static override flags = { "github-url": githubUrlFlag() };

  async run(): Promise<{ ok: boolean; findings: Finding[] }> {
    const { flags } = await this.parse(Doctor);
    const { examine } = await import("../doctor/doctor.ts");
    const server = await findServer(this.home);
    const running =
      server === undefined ? undefined : { server, status: await (await this.client()).status() };
    const env = withGitHub(process.env, flags["github-url"]);
    const findings = await examine({ home: this.home, env, running });
    const ok = findings.every(({ is }) => is !== "missing");
    this.log(findingsText(findings, this.paint));
    if (!ok) process.exitCode = exitCodes.failed;
    return { ok, findings };
  }
}
