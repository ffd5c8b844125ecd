import { choice, wrongKind } from "../../shapes/scalars.ts";
import type { Shape } from "../../shapes/shape.ts";

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"] as const;
const upperCase = choice(...methods);

/** An HTTP method in any case, as upper case; `ANY` and `*` are all of them. */
export const httpMethod: Shape<string> = {
  noun: upperCase.noun,
  example: "GET",
  read(node, path, context) {
    if (node.kind !== "scalar") throw wrongKind(this, node, path, context);
    const found = methods.find((one) => one === node.text.toUpperCase());
    if (found === undefined && !/^(\*|x-amazon-apigateway-any-method)$/i.test(node.text)) {
      throw wrongKind(this, node, path, context);
    }
    return found ?? "ANY";
  },
};
