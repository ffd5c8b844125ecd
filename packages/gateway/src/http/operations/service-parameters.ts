/**
 * The parameters of an integration with an AWS service, checked.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services-reference.html
 *
 * AWS's texts where they are known: of an empty value, and of a map of attributes that is no expression. The others are ours.
 */
import { badRequest, notSimulated } from "../../errors.ts";
import type { HttpIntegration } from "../http-api.ts";
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

/** Throws NotImplemented for an integration whose calls would always go to a region that there is not. One that the request names is known then. */
export function checkServiceRegion({ subtype, requestParameters = {} }: HttpIntegration, region: string): void {
  const { Region = region } = requestParameters;
  if (subtype === undefined || Region === region || !isStatic(Region)) return;
  throw notSimulated(`${subtype} in ${Region}: leave Region out, or set it to ${region}, the one region that there is`);
}

function invalidSelection(fault: string): Error {
  return badRequest(`Invalid selection expression specified: Validation Result: warnings : [], errors : [${fault}]`);
}
