import { boolean } from "@oclif/core/flags";
import { AmpxCommand } from "../../ampx-command.ts";

export default class ServiceUninstall extends AmpxCommand {
  static override summary = "Stop the service and take it away";
  static override description =
    "Turns of agents are interrupted, cost no attempt and go on when a server runs again. Home, tasks and the file with keys stay.";
  static override examples = ["<%= config.bin %> service uninstall"];
  static override flags = {
    force: boolean({ description: "Delete a unit that was changed by hand" }),
  };

  async run(): Promise<{ name: string; file: string; removed: boolean }> {
    const { flags } = await this.parse(ServiceUninstall);
    const { serviceHere } = await import("../../service/service-here.ts");
    const { uninstallService } = await import("../../service/uninstall-service.ts");
    const { plan, manager } = serviceHere();
    const { name, file } = plan;
    const removed = await uninstallService(plan, manager, flags);
    this.log(
      removed
        ? `${this.paint("green", "✓")} ${name} is stopped and deleted: ${file}`
        : `No service is installed: there is no ${file}`,
    );
    return { name, file, removed };
  }
}
