import type { Instant } from "@ampx/core";
import type { Db } from "../tables.ts";

export async function setReadMark(db: Db, name: string, at: Instant): Promise<void> {
  await db
    .insertInto("read_marks")
    .values({ name, at })
    .onConflict((conflict) =>
      conflict.column("name").doUpdateSet({ at }).where("read_marks.at", "<", at),
    )
    .execute();
}
