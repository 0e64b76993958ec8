import { describe, expect, test } from "vitest";
import { homeFolder, homePaths, userConfigFile } from "./home.ts";

describe("the home and the user's config file", () => {
  test.each([
    [
      "of the user",
      { HOME: "/home/me" },
      "/home/me/.local/share/ampx",
      "/home/me/.config/ampx/config.yaml",
    ],
    [
      "in XDG folders",
      { HOME: "/home/me", XDG_DATA_HOME: "/data/", XDG_CONFIG_HOME: "/etc/me" },
      "/data/ampx",
      "/etc/me/ampx/config.yaml",
    ],
    [
      "where XDG folders are relative",
      { HOME: "/home/me/", XDG_DATA_HOME: "data", XDG_CONFIG_HOME: "" },
      "/home/me/.local/share/ampx",
      "/home/me/.config/ampx/config.yaml",
    ],
    [
      "where AMPX_HOME says",
      { HOME: "/home/me", XDG_DATA_HOME: "/data", AMPX_HOME: "/srv/ampx//" },
      "/srv/ampx",
      "/srv/ampx/config.yaml",
    ],
    [
      "where AMPX_HOME is empty",
      { HOME: "/home/me", AMPX_HOME: "" },
      "/home/me/.local/share/ampx",
      "/home/me/.config/ampx/config.yaml",
    ],
    ["without HOME", { AMPX_HOME: "/srv/ampx" }, "/srv/ampx", "/srv/ampx/config.yaml"],
  ])("lie %s", (_, env, home, config) => {
    expect(homeFolder(env)).toBe(home);
    expect(userConfigFile(env)).toBe(config);
  });

  test.each([
    [
      { HOME: "/home/me", AMPX_HOME: "ampx" },
      "AMPX_HOME is not an absolute path of a folder: ampx",
    ],
    [
      { HOME: "/home/me", AMPX_HOME: "~/ampx" },
      "AMPX_HOME is not an absolute path of a folder: ~/ampx",
    ],
    [{ HOME: "/home/me", AMPX_HOME: "//" }, "AMPX_HOME is not an absolute path of a folder: //"],
    [{}, "Neither AMPX_HOME nor HOME is set, so there is no place for ampx's data"],
  ])("cannot lie where the environment says: %j", (env, message) => {
    expect(() => homeFolder(env)).toThrow(message);
    expect(() => userConfigFile(env)).toThrow(message);
  });
});

test("everything of a home lies in it, each thing in its own place", () => {
  const paths = Object.values(homePaths("/srv/ampx"));
  expect(new Set(paths).size).toBe(paths.length);
  for (const path of paths) expect(path).toMatch(/^\/srv\/ampx(\/[a-z.]+){0,2}$/);
});
