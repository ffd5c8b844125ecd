/** Chooses and renders mapping templates. https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings.html */
import { TemplateError } from "../../velocity/template-node.ts";
import { renderTemplate } from "../../velocity/render-template.ts";
import { contextVariable } from "../serving/context-variables.ts";
import type { RestExchange } from "../serving/exchange.ts";
import { failures } from "../serving/gateway-failure.ts";
import { PayloadError, templateObjects } from "./template-objects.ts";

/** Renders a template with `body` as its payload. Throws what a client sees where it cannot be. */
export function renderMapping(exchange: RestExchange, template: string, body: string): string {
  try {
    return renderTemplate(
      exchange.deployment.template(template),
      templateObjects({
        body,
        path: exchange.pathParameters,
        querystring: exchange.query.single,
        header: exchange.headers.single,
        context: (name) => contextVariable(exchange, name),
        stageVariables: exchange.stageVariables,
        overrides: exchange.overrides,
      }),
      { missingPaths: true },
    );
  } catch (error) {
    if (error instanceof PayloadError) throw failures.unprocessable(error.message);
    if (error instanceof TemplateError) throw failures.configuration(`Unable to transform: ${error.message}`);
    throw error;
  }
}

/** The response template for an `Accept`: its first type, or JSON, or the first there is; undefined without templates. */
export function chooseTemplate(
  templates: Readonly<Record<string, string | null>>,
  accept: string | undefined,
): { type: string; template: string | null } | undefined {
  const wanted = accept?.split(",")[0]?.split(";")[0]?.trim() ?? "";
  const [first] = Object.keys(templates);
  const type = Object.hasOwn(templates, wanted) ? wanted : "application/json" in templates ? "application/json" : first;
  return type === undefined ? undefined : { type, template: templates[type] ?? null };
}
