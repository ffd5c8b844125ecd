/** `${stageVariables.name}` in a URI; a variable that is missing is empty. */
export function withStageVariables(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{stageVariables\.(\w+)\}/g, (_whole, name: string) => variables[name] ?? "");
}
