import { list, object } from "../../shapes/collections.ts";
import { boolean, integer, text } from "../../shapes/scalars.ts";
import { optional, type Shape } from "../../shapes/shape.ts";

/** Cross-origin rules, as the API has them. */
export interface CorsConfiguration {
  AllowOrigins?: string[];
  AllowMethods?: string[];
  AllowHeaders?: string[];
  ExposeHeaders?: string[];
  MaxAge?: number;
  AllowCredentials?: boolean;
}

/** See {@link CorsConfiguration}. */
export const httpCors: Shape<CorsConfiguration> = object({
  AllowOrigins: optional(list(text(`"*"`))),
  AllowMethods: optional(list(text("GET"))),
  AllowHeaders: optional(list(text("content-type"))),
  ExposeHeaders: optional(list(text("etag"))),
  MaxAge: optional(integer("300")),
  AllowCredentials: optional(boolean()),
});
