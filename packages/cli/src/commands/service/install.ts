import { boolean } from "@oclif/core/flags";
import { AmpxCommand } from "../../ampx-command.ts";

const patienceMs = 20_000;

export default class ServiceInstall extends AmpxCommand {
  static override summary = "Have the server started by itself, as a service of this user";
  static override description = `Writes a unit for systemd --user, or a property list for launchd on a Mac, that runs \`ampx serve\`, and starts it. One service for each home.
No key of this environment is written anywhere: the answer names those that the service does not have, and the file to put them into.`;
  static override examples = [
    "<%= config.bin %> service install",
    "<%= config.bin %> service install --print",
  ];
  static override flags = {
    print: boolean({ description: "Print what would be written, and do nothing" }),
    start: boolean({
      allowNo: true,
      default: true,
      description: "Start it at once; --no-start: at the next login only",
    }),
    force: boolean({ description: "Overwrite a unit that was changed by hand" }),
  };

  async run(): Promise<object> {
    const { flags } = await this.parse(ServiceInstall);
    const { serviceHere } = await import("../../service/service-here.ts");
    const { fileText } = await import("../../service/service-file.ts");
    const { plan, manager } = serviceHere();
    const { name, file, environmentFile } = plan;
    const about = { name, file, keys_file: environmentFile };
    if (flags.print) {
      this.log(fileText(plan).trimEnd());
      return { ...about, text: fileText(plan) };
    }
    const { installService } = await import("../../service/install-service.ts");
    const { start, force } = flags;
    const { version } = this.config;
    const options = { env: process.env, version, start, force, patienceMs };
    const done = await installService(plan, manager, options);
    const { installedText } = await import("../../render/service-text.ts");
    this.log(installedText(plan, done, this.paint));
    const { wrote, server, leftOut, notes } = done;
    return { ...about, wrote, server, left_out: leftOut, notes };
  }
}
