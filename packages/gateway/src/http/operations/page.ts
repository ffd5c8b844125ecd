import { badRequest } from "../../errors.ts";
import { page } from "../../page.ts";

/** How much of a list is asked for. */
export interface PageInput {
  /** 1 to 500. Default: everything, as AWS does not document its own. */
  MaxResults?: string;
  /** What the answer before had. */
  NextToken?: string;
}

/** Members of {@link PageInput}. */
export const pageMembers: readonly string[] = ["MaxResults", "NextToken"];

/** A page of `all`, each as `toItem` has it, and where the next one begins. Throws BadRequestException. */
export function pageOf<Item>(
  all: readonly Item[],
  { MaxResults, NextToken }: PageInput,
  toItem: (item: Item) => object,
): { Items: object[]; NextToken?: string } {
  const limit = MaxResults === undefined ? undefined : Number(MaxResults);
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1 && limit <= 500))
    throw badRequest("Invalid maxResults parameter specified: it must be a whole number from 1 to 500");
  if (limit === undefined && NextToken === undefined) return { Items: all.map(toItem) };
  const { items, position } = page(all, {
    limit: limit ?? 500,
    ...(NextToken === undefined ? {} : { position: NextToken }),
  });
  return { Items: items.map(toItem), ...(position === undefined ? {} : { NextToken: position }) };
}
