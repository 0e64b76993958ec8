import { join } from "node:path";

/** In a home: keys, logins of other programs, and what tells of a person. */
const inHome = [
  ".ssh",
  ".gnupg",
  ".password-store",
  ".local/share/keyrings",
  ".config/op",
  // clouds and clusters
  ".aws",
  ".azure",
  ".config/gcloud",
  ".boto",
  ".s3cfg",
  ".config/rclone",
  ".kube",
  ".docker",
  ".config/containers",
  ".terraform.d/credentials.tfrc.json",
  ".vault-token",
  // forges and the network
  ".config/gh",
  ".config/hub",
  ".config/glab-cli",
  ".git-credentials",
  ".config/git/credentials",
  ".netrc",
  // package registries
  ".npmrc",
  ".yarnrc.yml",
  ".pypirc",
  ".cargo/credentials",
  ".cargo/credentials.toml",
  ".gem/credentials",
  ".m2/settings.xml",
  ".gradle/gradle.properties",
  ".composer/auth.json",
  ".config/composer/auth.json",
  ".nuget/NuGet",
  // databases
  ".pgpass",
  ".my.cnf",
  // browsers and mail
  ".mozilla",
  ".thunderbird",
  ".config/google-chrome",
  ".config/chromium",
  ".config/BraveSoftware",
  ".config/microsoft-edge",
  // what was typed
  ".bash_history",
  ".zsh_history",
  ".python_history",
  ".node_repl_history",
  ".psql_history",
  ".mysql_history",
];

const inSystem = [
  "/etc/shadow",
  "/etc/shadow-",
  "/etc/gshadow",
  "/etc/gshadow-",
  "/etc/ssh",
  "/etc/ssl/private",
  "/etc/letsencrypt",
  "/etc/wireguard",
  "/etc/NetworkManager/system-connections",
  "/etc/kubernetes",
  "/etc/rancher",
  "/var/lib/docker",
  "/var/spool/cron",
  // Sockets, by which other programs would do outside what cannot be done inside: Docker, D-Bus, the agents of ssh and gpg.
  "/run",
];

/** In `/run`, what programs need: the names of the network, and the programs of NixOS. */
export const publicInRun = [
  "/run/systemd/resolve",
  "/run/resolvconf",
  "/run/NetworkManager/resolv.conf",
  "/run/NetworkManager/no-stub-resolv.conf",
  "/run/nscd",
  "/run/current-system",
];

/** What nobody in a sandbox is to see, by absolute paths, whether it is there or not. */
export function privatePaths(homes: Iterable<string>): string[] {
  return [...inSystem, ...[...homes].flatMap((home) => inHome.map((path) => join(home, path)))];
}
