import { existsSync, readdirSync, readFileSync } from "node:fs";

export interface SchemaFiles {
  /** The tables as of the newest migration. */
  schema: string;
  /** The n-th brings a database from version n - 1 to n. */
  migrations: string[];
}

/** Reads `schema.sql` and `migrations/`: at the top of the repository, and inside the package once that is published. */
export function schemaFiles(): SchemaFiles {
  const packaged = new URL("../", import.meta.url);
  const folder = existsSync(new URL("schema.sql", packaged))
    ? packaged
    : new URL("../../../", import.meta.url);
  return readSchemaFiles(folder);
}

/** As `schemaFiles`, from a given folder. */
export function readSchemaFiles(folder: URL): SchemaFiles {
  const steps = new URL("migrations/", folder);
  const names = readdirSync(steps)
    .filter((name) => name.endsWith(".sql"))
    .toSorted();
  names.forEach((name, index) => {
    if (Number(name.slice(0, 4)) !== index + 1)
      throw new Error(`migrations are numbered without gaps, but ${name} is number ${index + 1}`);
  });
  return {
    schema: readFileSync(new URL("schema.sql", folder), "utf8"),
    migrations: names.map((name) => readFileSync(new URL(name, steps), "utf8")),
  };
}
