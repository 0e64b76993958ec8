import { verify } from "node:crypto";
import type { World } from "../world.ts";
import type { Actor } from "./call.ts";
import { Refusal } from "./refusal.ts";

/** Who the `Authorization` header stands for. Throws 401 for one that is not known, expired or revoked. */
export function authenticate(world: World, header: string | undefined): Actor {
  const value = credential(header);
  if (value === undefined) return { is: "nobody" };
  if (value.startsWith("eyJ")) return { is: "app", app: appOf(world, value) };
  const token = world.tokens.get(value);
  const now = world.schedule.now();
  if (token === undefined || token.revoked || (token.expiresAt ?? Infinity) <= now)
    throw new Refusal(401, "Bad credentials");
  if (token.installation?.suspendedAt !== undefined)
    throw new Refusal(403, "This installation has been suspended");
  return { is: "token", token };
}

/** The token of `Bearer`, `token`, or the password of `Basic`. */
export function credential(header: string | undefined): string | undefined {
  const [scheme = "", value = ""] = (header ?? "").split(/\s+/);
  if (scheme.toLowerCase() !== "basic") return value === "" ? undefined : value;
  const [user = "", password = ""] = Buffer.from(value, "base64").toString().split(":");
  // `https://<token>@github.com` is a user without a password.
  return (password === "" ? user : password) || undefined;
}

function appOf(world: World, jwt: string) {
  const [header = "", payload = "", signature = ""] = jwt.split(".");
  const { iss, iat, exp } = claims(payload);
  const app = world.apps.find(({ id, clientId }) => [String(id), clientId].includes(String(iss)));
  if (app === undefined) throw new Refusal(404, "Integration not found");
  const signed = Buffer.from(`${header}.${payload}`);
  if (!verify("RSA-SHA256", signed, app.publicKey, Buffer.from(signature, "base64url")))
    throw new Refusal(401, "A JSON web token could not be decoded");
  const now = Math.floor(world.schedule.now() / 1000);
  if (typeof exp !== "number" || exp > now + 600 + leewaySeconds)
    throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
  if (exp <= now)
    throw new Refusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  if (typeof iat !== "number" || iat > now + leewaySeconds)
    throw new Refusal(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  return app;
}

const leewaySeconds = 5;

function claims(payload: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
  } catch {
    throw new Refusal(401, "A JSON web token could not be decoded");
  }
}
