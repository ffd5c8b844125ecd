export { templatesPage } from "./docs/templates-page.ts";
export { loadTemplate, type LoadTemplateOptions } from "./load-template.ts";
export type {
  ItemWithoutLocalEffect,
  PlannedCall,
  PlannedResource,
  TemplateOutput,
  TemplatePlan,
  UnsupportedItem,
} from "./template-plan.ts";
export { withMadeValues } from "./made-value.ts";
