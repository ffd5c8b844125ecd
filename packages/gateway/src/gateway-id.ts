import type { Rng } from "@tripline/kernel";

/** An id in the gateway's own form, such as `HBhapgCqoAMEJ0w=`: an HTTP API's request, a REST API's extended request id. */
export function newGatewayId(rng: Rng): string {
  return `${Buffer.from(rng.hex(11), "hex").toString("base64url")}=`;
}
