/** Environment variables as text that a shell evaluates. */

/** The shells that are spoken; `bash` is understood by sh and zsh, too. */
export const shells = ["bash", "fish", "powershell"] as const;
export type Shell = (typeof shells)[number];

/** Sets `variables` in the shell and in what it starts, a line each. */
export function toExport(shell: Shell, variables: Readonly<Record<string, string>>): string {
  return lines(
    Object.entries(variables).map(([name, value]) => {
      switch (shell) {
        case "bash":
          return `export ${name}='${value.replaceAll("'", "'\\''")}'`;
        case "fish":
          return `set -gx ${name} '${value.replace(/['\\]/g, "\\$&")}'`;
        case "powershell":
          return `$env:${name} = '${value.replaceAll("'", "''")}'`;
      }
    }),
  );
}

/** Takes the variables `names` away, whether they are set or not. */
export function toUnset(shell: Shell, names: readonly string[]): string {
  return lines(
    names.map((name) => {
      switch (shell) {
        case "bash":
          return `unset ${name}`;
        case "fish":
          return `set -e ${name}`;
        case "powershell":
          return `Remove-Item Env:${name} -ErrorAction SilentlyContinue`;
      }
    }),
  );
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}
