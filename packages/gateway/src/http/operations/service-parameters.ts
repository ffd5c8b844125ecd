/**
 * The parameters of an integration with an AWS service, checked.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services-reference.html
 *
 * AWS's texts where they are known: of an empty value, and of a map of attributes that is no expression. The others are ours.
 */
import { badRequest } from "../../errors.ts";
import { serviceSubtypes } from "../integrations/service-subtypes.ts";
import type { ParameterMapping } from "../mapping/parameter-mapping.ts";
import { isSelectionExpression, isStatic } from "../mapping/selection-expression.ts";

/** Throws BadRequestException for a parameter that is missing, that the operation does not have, or whose value is none. */
export function checkServiceParameters(subtype: string, parameters: ParameterMapping): void {
  const { required = [], optional = [], structured = [] } = serviceSubtypes[subtype] ?? {};
  for (const name of required)
    if (!(name in parameters)) throw invalidSelection(`Missing required parameter ${name} of ${subtype}`);
  const known = new Set([...required, ...optional, "Region"]);
  for (const [name, value] of Object.entries(parameters)) {
    if (!known.has(name)) throw invalidSelection(`Invalid destination: ${name} specified for ${subtype}`);
    if (value === "") throw invalidSelection("Mapping expression missing source or destination");
    if (!isSelectionExpression("request", value) || (structured.includes(name) && isStatic(value)))
      throw invalidSelection(`Invalid source: ${value} specified for destination: ${name}`);
  }
}

function invalidSelection(fault: string): Error {
  return badRequest(`Invalid selection expression specified: Validation Result: warnings : [], errors : [${fault}]`);
}
