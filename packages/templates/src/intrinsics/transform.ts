import { invalid } from "../read/errors.ts";
import { locationOf } from "../read/include-files.ts";
import type { Intrinsic } from "./intrinsic.ts";

/** Macros: files that AWS::Include names are in the template already, so what is left is refused. */
export const transform: Intrinsic = ({ argument, node }) => {
  const location = locationOf(argument);
  if (location === undefined)
    throw invalid(
      node.place,
      "Fn::Transform is not simulated but for AWS::Include with a Location that is a text: macros run in AWS only.",
      "Write what the macro makes into the template.",
    );
  if (location.startsWith("s3://"))
    throw invalid(
      node.place,
      `AWS::Include of ${location} is not simulated: only files beside the template are included.`,
      "Name a local file: `sam deploy` uploads it.",
    );
  throw invalid(
    node.place,
    `AWS::Include cannot read ${location}, or it stands in a file that is included itself.`,
    "Name a file beside the template, in the template.",
  );
};
