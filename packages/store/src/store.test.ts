import { sqliteHarness } from "./contract/sqlite-harness.ts";
import { storeContract } from "./contract/store-contract.ts";

storeContract("SQLite", sqliteHarness);
