import { badRequest } from "./errors.ts";

/** `${stageVariables.name}` in a URI; a variable that is missing is empty. */
export function withStageVariables(text: string, variables: Readonly<Record<string, string>>): string {
  if (!text.includes("${")) return text;
  return text.replaceAll(/\$\{stageVariables\.(\w+)\}/g, (_whole, name: string) => variables[name] ?? "");
}

/** Throws BadRequestException for a variable that no stage can have. */
export function checkVariables(variables: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(variables)) {
    if (!/^\w{1,64}$/.test(name))
      throw badRequest(`Invalid variable name: ${name}. Variable names only allow alphanumeric characters and '_'`);
    if (!/^[A-Za-z0-9\-._~:/?#&=,]{0,512}$/.test(value))
      throw badRequest(
        `Invalid variable value: ${value}. Please use values with alphanumeric characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','.`,
      );
  }
  return variables;
}
