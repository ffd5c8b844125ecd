import { badRequest } from "./errors.ts";

/** How much of a list is asked for. */
export interface PageInput {
  /** 1 to 500, default 25. */
  limit?: number;
  /** What the answer before had as `position`. */
  position?: string;
}

/** Members of {@link PageInput}. */
export const pageMembers = ["limit", "position"] as const;

/** A page of `all`, and where the next one begins. Throws BadRequestException for a position that nobody was given. */
export function page<Item>(
  all: readonly Item[],
  { limit = 25, position }: PageInput,
): { items: Item[]; position?: string } {
  const text = position === undefined ? "0" : Buffer.from(position, "base64").toString();
  const from = Number(text);
  if (!/^\d+$/.test(text)) throw badRequest("Invalid position parameter specified");
  const to = from + Math.min(500, Math.max(1, limit));
  return {
    items: all.slice(from, to),
    ...(to < all.length ? { position: Buffer.from(String(to)).toString("base64") } : {}),
  };
}
