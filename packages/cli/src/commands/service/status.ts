import { AmpxCommand } from "../../ampx-command.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { ServiceStatus as Status } from "../../service/service-status.ts";

export default class ServiceStatus extends AmpxCommand {
  static override summary = "Show whether the service is installed, starts by itself and runs";
  static override description = "Exits with 1 when it is not installed or does not run.";
  static override examples = ["<%= config.bin %> service status"];

  async run(): Promise<Status> {
    await this.parse(ServiceStatus);
    const { serviceHere } = await import("../../service/service-here.ts");
    const { serviceStatus } = await import("../../service/service-status.ts");
    const { serviceStatusText } = await import("../../render/service-text.ts");
    const { plan, manager } = serviceHere();
    const status = await serviceStatus(plan, manager);
    this.log(serviceStatusText(status, { now: Date.now(), paint: this.paint }));
    if (!status.installed || status.active !== true) process.exitCode = exitCodes.failed;
    return status;
  }
}
